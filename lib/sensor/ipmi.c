/* SPDX-License-Identifier: Apache-2.0
 * The node's power as its management controller (BMC) tells it: DCMI Get Power Reading (Data Center
 * Manageability Interface Specification 1.5, 6.6.1) through /dev/ipmi0 (linux/ipmi.h). It is the
 * whole node with its power supplies and fans, in whole watts, renewed about once a second, and an
 * answer takes some milliseconds: so a question is sent at one reading and its answer taken at a
 * later one, and no tick waits. */
#include "base/alloc.h"
#include "io.h"
#include "sensor/driver.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/ipmi.h>
#include <math.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>

#define ASK_NS      CCT_NS_PER_S       /* never more often */
#define FRESH_NS    (5 * CCT_NS_PER_S) /* an older answer is none */
#define NETFN_GROUP 0x2c
#define GET_POWER   0x02
#define DCMI        0xdc
#define REPLY_CAP   64
#define FIRST_MS    250 /* for the first answer, when it is opened */

struct ipmi {
    const struct cct_io *io; /* borrowed */
    bool reachable;          /* not a captured machine */
    bool there;
    int fd;
    long id; /* of the last question */
    bool asked;
    int64_t asked_ns, told_ns;
    double w; /* NAN: none */
};

/* ---- the kernel's driver ---- */

static int device_open(void *ctx)
{
    static const char *const paths[] = {"/dev/ipmi0", "/dev/ipmi/0", "/dev/ipmidev/0"};
    int fd = -1;
    (void)ctx;
    for (size_t i = 0; i < CCT_LEN(paths) && fd < 0 && (!i || errno == ENOENT); i++)
        fd = open(paths[i], O_RDWR | O_CLOEXEC | O_NONBLOCK);
    return fd;
}

static int device_send(void *ctx, int fd, long id)
{
    unsigned char data[] = {DCMI, 0x01 /* system power statistics */, 0, 0};
    struct ipmi_system_interface_addr bmc = {.addr_type = IPMI_SYSTEM_INTERFACE_ADDR_TYPE,
                                             .channel = IPMI_BMC_CHANNEL};
    struct ipmi_req request = {
        .addr = (unsigned char *)&bmc,
        .addr_len = sizeof bmc,
        .msgid = id,
        .msg = {.netfn = NETFN_GROUP, .cmd = GET_POWER, .data_len = sizeof data, .data = data},
    };
    (void)ctx;
    return ioctl(fd, IPMICTL_SEND_COMMAND, &request) ? -1 : 0;
}

static int device_receive(void *ctx, int fd, int wait_ms, uint8_t *reply, size_t cap, long *id)
{
    struct ipmi_addr from;
    struct ipmi_recv received = {
        .addr = (unsigned char *)&from,
        .addr_len = sizeof from,
        .msg = {.data = reply, .data_len = (unsigned short)cap},
    };
    struct pollfd p = {.fd = fd, .events = POLLIN};
    (void)ctx;
    if (poll(&p, 1, wait_ms) <= 0)
        return 0;
    if (ioctl(fd, IPMICTL_RECEIVE_MSG_TRUNC, &received) && errno != EMSGSIZE)
        return errno == EAGAIN ? 0 : -1;
    *id = received.msgid;
    return received.msg.data_len;
}

static const struct cct_io device = {
    .ipmi_open = device_open, .ipmi_send = device_send, .ipmi_receive = device_receive};

/* ---- the driver ---- */

static bool exists(const struct cct_sysroot *root, const char *path)
{
    return faccessat(root->fd, path, F_OK, 0) == 0;
}

static int list_ipmi(const struct cct_machine *machine, struct cct_sensor_list *list, void **state,
                     struct cct_err *err)
{
    (void)err;
    const struct cct_sysroot *root = machine->root;
    bool fake = machine->io && machine->io->ipmi_open;
    bool there = fake || exists(root, "dev/ipmi0") || exists(root, "dev/ipmi/0") ||
                 exists(root, "dev/ipmidev/0");
    /* SMBIOS type 38 says that there is a controller, whether or not its driver is loaded. */
    if (!there && !exists(root, "sys/firmware/dmi/entries/38-0"))
        return 0;
    struct ipmi *ipmi = cct_xcalloc(1, sizeof *ipmi);
    ipmi->io = fake ? machine->io : &device;
    ipmi->reachable = root->real || fake;
    ipmi->there = there;
    ipmi->fd = -1;
    ipmi->w = NAN;
    struct cct_sensor *s = cct_sensor_add(list, "ipmi:dcmi");
    s->info.component = CCT_BOARD;
    s->info.method = CCT_GAUGE;
    s->covers = ~0U;
    s->rank = 2;
    s->tdp_w = 20000;
    *state = ipmi;
    return 0;
}

/* Completion code, group, then power now, lowest, highest and mean (16 bits each, W), time stamp
 * and period (32 bits each), state: bit 6 tells that it is measuring. */
static double power_in(const uint8_t *reply, int len)
{
    if (len < 19 || reply[0] != 0 || reply[1] != DCMI || !(reply[18] & 0x40))
        return NAN;
    int w = reply[2] | reply[3] << 8;
    return w ? w : (double)NAN; /* no node runs on nothing */
}

/* Takes the answers that are there; the last one to our last question counts. */
static bool take(struct ipmi *ipmi, int wait_ms, int64_t mono_ns)
{
    uint8_t reply[REPLY_CAP];
    long id = 0;
    bool took = false;
    for (int i = 0; i < 8; i++) {
        int n = ipmi->io->ipmi_receive(ipmi->io->ctx, ipmi->fd, took ? 0 : wait_ms, reply,
                                       sizeof reply, &id);
        if (n <= 0)
            return took;
        if (id != ipmi->id)
            continue;
        took = true;
        ipmi->asked = false;
        ipmi->w = power_in(reply, n);
        ipmi->told_ns = mono_ns;
    }
    return took;
}

static bool ask(struct ipmi *ipmi, int64_t mono_ns)
{
    ipmi->asked_ns = mono_ns;
    ipmi->asked = ipmi->io->ipmi_send(ipmi->io->ctx, ipmi->fd, ++ipmi->id) == 0;
    return ipmi->asked;
}

static void refuse(struct cct_sensor *s, const char *reason, const char *remedy)
{
    s->info.readable = false;
    snprintf(s->info.reason, sizeof s->info.reason, "%s", reason);
    snprintf(s->info.remedy, sizeof s->info.remedy, "%s", remedy);
}

static void refuse_open(struct cct_sensor *s)
{
    if (errno == EACCES || errno == EPERM)
        refuse(s, "permission denied: /dev/ipmi0 is for root alone",
               "sudo chgrp \"$(id -gn)\" /dev/ipmi0 && sudo chmod g+rw /dev/ipmi0");
    else
        refuse(s, strerror(errno), "");
}

static void open_ipmi(void *state, struct cct_sensor *s)
{
    struct ipmi *ipmi = state;
    int64_t now_ns = cct_mono_ns();
    if (!ipmi->there)
        refuse(s, "there is a management controller, but its driver is not loaded",
               "sudo modprobe -a ipmi_si ipmi_devintf");
    else if (!ipmi->reachable)
        refuse(s, "a device of another machine cannot be asked", "");
    else if ((ipmi->fd = ipmi->io->ipmi_open(ipmi->io->ctx)) < 0)
        refuse_open(s);
    else if (!ask(ipmi, now_ns) || !take(ipmi, FIRST_MS, now_ns))
        refuse(s, "the management controller does not answer", "");
    else if (isnan(ipmi->w))
        refuse(s, "the management controller tells no power (DCMI Get Power Reading)", "");
    ipmi->asked_ns = ipmi->told_ns = 0;
}

static void read_ipmi(void *state, struct cct_sensor *sensors, size_t count,
                      const struct cct_tick *tick)
{
    struct ipmi *ipmi = state;
    for (size_t i = 0; i < count; i++) {
        if (!sensors[i].active || sensors[i].state != state || !ipmi)
            continue;
        if (!ipmi->told_ns)
            ipmi->told_ns = tick->mono_ns; /* what open has heard */
        take(ipmi, 0, tick->mono_ns);
        if (!ipmi->asked_ns || tick->mono_ns - ipmi->asked_ns >= ASK_NS)
            ask(ipmi, tick->mono_ns);
        if (tick->mono_ns - ipmi->told_ns <= FRESH_NS && isfinite(ipmi->w))
            sensors[i].read = (struct cct_value_read){
                .kind = CCT_READ_POWER, .w = ipmi->w, .low_w = NAN, .high_w = NAN};
    }
}

static void close_ipmi(void *state)
{
    struct ipmi *ipmi = state;
    if (ipmi->fd >= 0)
        close(ipmi->fd);
    free(ipmi);
}

const struct cct_sensor_driver cct_sensor_ipmi = {
    .name = "ipmi",
    .list = list_ipmi,
    .open = open_ipmi,
    .read = read_ipmi,
    .close = close_ipmi,
};

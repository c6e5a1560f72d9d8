/* SPDX-License-Identifier: Apache-2.0
 * One table a kind. cct-records(5) tells the same; a test compares the two. */
#include "record/schema.h"

#include "record/write.h"

#include <string.h>

#define S "string"
#define D "double"
#define I "integer"
#define B "boolean"
#define T "instant"
#define O "object"
#define A "array"

static const struct cct_field common[] = {
    {"schema", S, "", true, "kind and major version of the record"},
    {"id", S, "", true, "identity for ever: writer, dash, sequence"},
    {"ts", T, "", true, "end of what the record describes, UTC"},
    {"host", S, "", true, "machine it was born on"},
    {"run", S, "", false, "the training it belongs to"},
};

static const struct cct_field host[] = {
    {"os", S, "", false, "name of the operating system"},
    {"kernel", S, "", false, "kernel release"},
    {"virtualization", S, "", false, "hypervisor, none on bare metal"},
    {"container", S, "", false, "kind of container, absent outside of one"},
    {"cpu", O, "", false, "the processor"},
    {"cpu.model", S, "", false, "name as the kernel gives it"},
    {"cpu.vendor", S, "", false, "intel, amd, arm or the kernel's word"},
    {"cpu.sockets", I, "", false, "packages"},
    {"cpu.cores", I, "", false, "physical cores"},
    {"cpu.threads", I, "", false, "hardware threads that are online"},
    {"cpu.uarch", S, "", false, "microarchitecture by CPUID or MIDR numbers"},
    {"cpu.tdp_w", D, "W", false, "thermal design power of one package"},
    {"cpu.max_mhz", D, "MHz", false, "highest frequency"},
    {"memory_bytes", I, "bytes", false, "memory that the kernel manages"},
    {"cloud", O, "", false, "where a cloud says this machine is"},
    {"cloud.provider", S, "", false, "aws, gcp, azure, ..."},
    {"cloud.region", S, "", false, "region of the provider"},
    {"cloud.zone", S, "", false, "availability zone"},
    {"cloud.instance_type", S, "", false, "machine type"},
    {"cloud_source", O, "", false, "who says what of the cloud: members as in cloud"},
    {"cloud_source.NAME", S, "", false, "dmi or metadata"},
    {"grid_zone", S, "", false, "Electricity Maps key of the grid"},
    {"grid_zone_source", S, "", false, "how the grid zone is known"},
    {"slurm", O, "", false, "Slurm job"},
    {"slurm.job_id", S, "", false, "its number"},
    {"slurm.node", S, "", false, "its node"},
    {"kubernetes", O, "", false, "pod of a container in Kubernetes"},
    {"kubernetes.namespace", S, "", false, "its namespace"},
    {"kubernetes.pod", S, "", false, "its name"},
    {"kubernetes.pod_uid", S, "", false, "its UID"},
    {"kubernetes.node", S, "", false, "its node"},
    {"limits", O, "", false, "what the cgroup allows, where that is less than the machine has"},
    {"limits.cpus", D, "", false, "processors, by number or by time"},
    {"limits.memory_bytes", I, "bytes", false, "memory"},
    {"version", S, "", true, "version of cct"},
};

static const struct cct_field device[] = {
    {"device", S, "", true, "UUID of the board"},
    {"vendor", S, "", false, "nvidia, amd, intel"},
    {"model", S, "", false, "product name"},
    {"memory_bytes", I, "bytes", false, "its memory"},
    {"power_limit_w", D, "W", false, "enforced board limit"},
    {"driver", S, "", false, "driver version"},
    {"partition", S, "", false, "UUID of a partition of the device"},
};

static const struct cct_field sensor[] = {
    {"source", S, "", true, "what is read: rapl:package-0, model:cpu"},
    {"component", S, "", true, "cpu, dram, gpu, board, psu or other"},
    {"method", S, "", true, "counter, gauge or model"},
    {"readable", B, "", true, "it can be read by this user now"},
    {"reason", S, "", false, "why it cannot be read, or is not counted"},
    {"remedy", S, "", false, "the command that mends it"},
    {"counted", B, "", true, "it is part of the total"},
    {"part_of", S, "", false, "the source that contains it"},
};

#define SAMPLE_FIELDS                                                                              \
    {"interval_s", D, "s", true, "length of the tick, by the monotonic clock"},                    \
        {"energy_j", D, "J", false, "of the host, every joule once"},                              \
        {"power_w", D, "W", false, "energy_j over interval_s"},                                    \
        {"job_energy_j", D, "J", false, "of the job that is followed"},                            \
        {"idle_energy_j", D, "J", false, "of the idle machine"},                                   \
        {"other_energy_j", D, "J", false, "of everything else; the three add up"},                 \
        {"idle_source", S, "", false, "of the idle power: option, learned or table"},              \
        {"components", O, "", false, "energy by component"},                                       \
        {"components.NAME", D, "J", false, "cpu, dram, gpu, board, other"},                        \
        {"sources", O, "", false, "all that was read, also what another contains"},                \
        {"sources.NAME", D, "J", false, "energy of one source"},                                   \
        {"measured_share", D, "", false, "part of energy_j from counters or gauges, 0 to 1"},      \
        {"low_j", D, "J", false, "low bound where a part is modelled"},                            \
        {"high_j", D, "J", false, "high bound where a part is modelled"},                          \
        {"usage", O, "", false, "utilisation in the tick"},                                        \
        {"usage.cpu_pct", D, "pct", false, "of all hardware threads"},                             \
        {"usage.job_cpu_pct", D, "pct", false, "of the job, of all hardware threads"},             \
        {"usage.steal_pct", D, "pct", false, "taken by the hypervisor"},                           \
        {"usage.memory_used_bytes", I, "bytes", false, "total less available"},                    \
        {"usage.job_memory_bytes", I, "bytes", false, "of the job"},                               \
        {"gpus", A, "", false, "one item an accelerator"},                                         \
        {"gpus[].device", S, "", false, "UUID"},                                                   \
        {"gpus[].util_pct", D, "pct", false, "utilisation"},                                       \
        {"gpus[].memory_used_bytes", I, "bytes", false, "memory in use"},                          \
        {"gpus[].clock_mhz", D, "MHz", false, "clock"},                                            \
        {"gpus[].temperature_c", D, "C", false, "temperature"},                                    \
        {"gpus[].power_w", D, "W", false, "power of the board"},                                   \
        {"gpus[].job_share", D, "", false, "of the job in what is above rest, 0 to 1"},            \
        {"gpus[].job_share_by", S, "", false, "processes, exclusive, memory, count, ..."},         \
        {"flags", O, "", false, "what went wrong, by source: arrays of words"},                    \
    {                                                                                              \
        "flags.NAME", A, "", false, "wrap, gap, reset, clock_step, ..."                            \
    }

static const struct cct_field sample[] = {SAMPLE_FIELDS};

static const struct cct_field emission[] = {
    SAMPLE_FIELDS,
    {"zone", S, "", false, "grid zone that was charged"},
    {"region", S, "", false, "cloud region, provider/region"},
    {"intensity_g_per_kwh", D, "g/kWh", false, "effective mean over the tick"},
    {"intensity_signal", S, "", false, "average or marginal"},
    {"intensity_basis", S, "", false, "lifecycle or direct"},
    {"intensity_provider", S, "", false, "who says so"},
    {"intensity_quality", S, "", false, "measured, estimated, forecast or annual"},
    {"intensity_year", I, "", false, "of an annual value"},
    {"intensity_age_s", D, "s", false, "age where a past value stood in"},
    {"pue", D, "", false, "facility energy over IT energy"},
    {"emission_g", D, "g", false, "energy x PUE x intensity"},
    {"embodied_g", D, "g", false, "amortised share of making the device"},
    {"water_l", D, "l", false, "water"},
    {"low_g", D, "g", false, "low bound"},
    {"high_g", D, "g", false, "high bound"},
};

static const struct cct_field progress[] = {
    {"epoch", D, "", false, "as the log counts it"},
    {"epochs", D, "", false, "how many there will be"},
    {"step", I, "", false, "step in the epoch, or global where the log has it so"},
    {"steps", I, "", false, "how many there will be"},
    {"loss", D, "", false, "training loss"},
    {"metrics", O, "", false, "everything else that is a number"},
    {"metrics.NAME", D, "", false, "one metric"},
    {"checkpoint", S, "", false, "name of a checkpoint that was written"},
};

static const struct cct_field intensity[] = {
    {"zone", S, "", true, "grid zone"},
    {"region", S, "", false, "cloud region that was asked for"},
    {"from", T, "", true, "begin, inclusive"},
    {"to", T, "", true, "end, exclusive"},
    {"intensity_g_per_kwh", D, "g/kWh", true, "CO2e for each kWh"},
    {"signal", S, "", true, "average or marginal"},
    {"basis", S, "", true, "lifecycle or direct"},
    {"quality", S, "", true, "measured, estimated, forecast or annual"},
    {"provider", S, "", true, "who says so"},
    {"fetched", T, "", false, "when it was asked"},
    {"mix", O, "", false, "shares by fuel"},
    {"mix.NAME", D, "pct", false, "share of one fuel"},
};

static const struct cct_field run[] = {
    {"event", S, "", true, "start, segment or end"},
    {"command", A, "", false, "the words of the command"},
    {"cwd", S, "", false, "its folder"},
    {"git", S, "", false, "commit of that folder"},
    {"exit_status", I, "", false, "as a shell gives it"},
    {"signal", S, "", false, "that ended it"},
};

static const struct cct_field summary[] = {
    {"hosts", A, "", false, "where there are several; host is then the first"},
    {"start", T, "", false, "begin of the run, or of its first sample"},
    {"duration_s", D, "s", false, "start to end; where the clock stepped, what samples cover"},
    {"state", S, "", false, "ended, running, interrupted, samples or empty"},
    {"exit_status", I, "", false, "of the training"},
    {"signal", S, "", false, "that ended it"},
    {"energy_kwh", D, "kWh", false, "of the host during the run"},
    {"energy_low_kwh", D, "kWh", false, "low bound, where a part is modelled"},
    {"energy_high_kwh", D, "kWh", false, "high bound, where a part is modelled"},
    {"job_energy_kwh", D, "kWh", false, "of the job itself"},
    {"idle_energy_kwh", D, "kWh", false, "of the idle machine"},
    {"other_energy_kwh", D, "kWh", false, "of everything else"},
    {"power_mean_w", D, "W", false, "mean"},
    {"power_peak_w", D, "W", false, "highest tick of one host"},
    {"emission_g", D, "g", false, "CO2e"},
    {"emission_low_g", D, "g", false, "low bound, where a part is modelled"},
    {"emission_high_g", D, "g", false, "high bound, where a part is modelled"},
    {"emission_share", D, "", false, "part of the energy whose CO2e is known, 0 to 1"},
    {"embodied_g", D, "g", false, "amortised share of making the device"},
    {"water_l", D, "l", false, "water"},
    {"intensity_g_per_kwh", D, "g/kWh", false, "mean, weighted by energy"},
    {"pue", D, "", false, "mean, weighted by energy"},
    {"by_component", O, "", false, "energy by component"},
    {"by_component.NAME", D, "kWh", false, "cpu, dram, gpu, board, psu, other"},
    {"by_zone", O, "", false, "emission by grid zone"},
    {"by_zone.NAME", D, "g", false, "one zone"},
    {"method_share", O, "", false, "shares of the energy by method, 0 to 1"},
    {"method_share.NAME", D, "", false, "counter, gauge, model"},
    {"samples", I, "", false, "ticks that were counted"},
    {"gaps", I, "", false, "holes between ticks, ticks with a gap flag or without energy"},
    {"epochs", I, "", false, "epochs that were reported"},
    {"epochs_planned", I, "", false, "how many there will be"},
    {"loss_last", D, "", false, "last training loss"},
    {"saved_g", D, "g", false, "against staying"},
};

static const struct cct_field calibration[] = {
    {"model", S, "", true, "of the CPU, as the kernel names it"},
    {"sockets", I, "", true, "number of packages"},
    {"threads", I, "", true, "number of hardware threads"},
    {"idle_w", D, "W", true, "of all packages, at rest"},
    {"max_w", D, "W", true, "of all packages, all threads busy"},
    {"curve_w", A, "W", true, "mean power at 0, 10, ... 100 % of all threads busy"},
    {"low", D, "", true, "low bound, as a factor of the estimate"},
    {"high", D, "", true, "high bound, as a factor of the estimate"},
    {"error_pct", D, "pct", false, "mean error at the points"},
    {"points", A, "", false, "what was measured"},
    {"points[].cpu_pct", D, "pct", false, "share of all threads that was busy"},
    {"points[].power_w", D, "W", false, "mean power"},
};

#define KIND(name)                                                                                 \
    {                                                                                              \
        "cct." #name "/1", name, CCT_LEN(name)                                                     \
    }

static const struct cct_kind kinds[] = {
    KIND(host),     KIND(device),    KIND(sensor), KIND(sample),  KIND(emission),
    KIND(progress), KIND(intensity), KIND(run),    KIND(summary), KIND(calibration),
};

const struct cct_kind *cct_kind_find(const char *schema)
{
    for (size_t i = 0; i < CCT_LEN(kinds); i++)
        if (strcmp(kinds[i].schema, schema) == 0)
            return &kinds[i];
    return NULL;
}

static void print_fields(const char *schema, const struct cct_field *fields, size_t count,
                         struct cct_buf *out)
{
    for (size_t i = 0; i < count; i++) {
        struct cct_json json = {.out = out};
        cct_json_open(&json, NULL, '{');
        cct_json_string(&json, "kind", schema);
        cct_json_string(&json, "key", fields[i].key);
        cct_json_string(&json, "type", fields[i].type);
        cct_json_string(&json, "unit", fields[i].unit);
        cct_json_bool(&json, "required", fields[i].required);
        cct_json_string(&json, "meaning", fields[i].meaning);
        cct_json_close(&json, '}');
        cct_buf_addc(out, '\n');
    }
}

void cct_kind_print(const struct cct_kind *kind, struct cct_buf *out)
{
    print_fields(kind->schema, common, CCT_LEN(common), out);
    print_fields(kind->schema, kind->fields, kind->count, out);
}

/* SPDX-License-Identifier: Apache-2.0
 * cct-sample: joules and watts of this machine, one record a tick. */
#include "cli/child.h"
#include "cli/cli.h"
#include "cli/outlet.h"
#include "sample_options.h"
#include "sensor/sensor.h"

int main(void)
{
    return 0;
}

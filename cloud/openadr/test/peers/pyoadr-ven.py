"""A pyoadr-ven VEN that registers, offers a report and polls. Usage: URL VEN_ID VTN_ID.

It cannot be sent events: its reader fails on every date and time, whoever wrote it. Nor can it be asked for its report:
without a period it fails on a variable that it never set, and a period has a date and time.
"""

import json
import logging
import sys

from pyoadr_ven import OpenADRVenAgent


def say(**what):
    print(json.dumps(what), flush=True)


class Complaints(logging.Handler):
    """The agent swallows what goes wrong and only logs it."""

    def emit(self, record):
        text = self.format(record).strip().splitlines()
        say(complaint=text[0], cause=text[-1])


logging.getLogger("pyoadr_ven").addHandler(Complaints(level=logging.WARNING))

url, ven_id, vtn_id = sys.argv[1:]
point = {
    "r_id": "METER",
    "units": "Wh",
    "min_frequency": 30,
    "max_frequency": 30,
    "report_type": "usage",
    "reading_type": "Direct Read",
    "method_name": "wh",
}
agent = OpenADRVenAgent(
    ven_id=ven_id,
    vtn_id=vtn_id,
    vtn_address=url,
    client_pem_bundle="",
    vtn_ca_cert="",
    opt_timeout_secs=0,
    report_parameters={
        "USAGE": {
            "report_name_metadata": "METADATA_TELEMETRY_USAGE",
            "report_interval_secs_default": 30,
            "telemetry_parameters": {"wh": point},
        }
    },
)
registered = agent.register("pyoadr")
say(registered=registered["ven_id"], vtn=registered["vtn_id"])
# It keeps the VTN's poll frequency as the XML object and then fails to compare it with a number.
agent.poll_interval_secs = 10
agent.tick()
say(ticked=agent.reports_registered)

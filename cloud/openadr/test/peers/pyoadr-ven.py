"""A pyoadr-ven VEN that registers, asks for its events, offers a report and polls. Usage: URL VEN_ID VTN_ID."""

import json
import logging
import sys
import time

from pyoadr_ven import OpenADRVenAgent, database
from pony import orm


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
events = []
while not events:
    time.sleep(0.1)
    agent.request_events()
    with orm.db_session:
        events = [event.event_id for event in orm.select(event for event in database.Event)]
say(events=events)
agent.tick()
say(ticked=agent.reports_registered)

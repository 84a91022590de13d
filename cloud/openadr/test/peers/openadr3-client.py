"""Drives a 3.1 VTN with openadr3-client and says on stdout, as JSON lines, what came back. Usage: URL."""

import json
import os
import sys
from datetime import datetime, timedelta, timezone

# The VTN of the test listens on loopback without TLS, which oauthlib takes only when told to.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

from openadr3_client._models.common.interval import Interval
from openadr3_client._models.common.interval_period import IntervalPeriod
from openadr3_client.bl.http_factory import BusinessLogicHttpClientFactory
from openadr3_client.oadr310.models.event.event import NewEvent
from openadr3_client.oadr310.models.event.event_payload import EventPayload, EventPayloadType
from openadr3_client.oadr310.models.program.program import NewProgram
from openadr3_client.oadr310.models.report.report import NewReport, ReportResource
from openadr3_client.oadr310.models.report.report_payload import ReportPayload, ReportPayloadType
from openadr3_client.oadr310.models.ven.ven import NewVenVenRequest
from openadr3_client.ven.http_factory import VirtualEndNodeHttpClientFactory
from openadr3_client.version import OADRVersion


def say(**what):
    print(json.dumps(what), flush=True)


options = {"vtn_base_url": sys.argv[1], "allow_insecure_http": True, "version": OADRVersion.OADR_310}
bl = BusinessLogicHttpClientFactory.create_http_bl_client(client_id="bl", client_secret="1", **options)
ven = VirtualEndNodeHttpClientFactory.create_http_ven_client(client_id="ven", client_secret="2", **options)

program = bl.programs.create_program(NewProgram(program_name="peer program"))
period = IntervalPeriod(start=datetime(2027, 1, 1, tzinfo=timezone.utc), duration=timedelta(hours=1))
price = EventPayload(type=EventPayloadType.PRICE, values=(0.17,))
event = bl.events.create_event(
    NewEvent(
        programID=program.id,
        event_name="peer event",
        interval_period=period,
        intervals=(Interval(id=0, interval_period=None, payloads=(price,)),),
    )
)
say(created=event.id)
registered = ven.vens.create_ven(NewVenVenRequest(ven_name="peer ven"))
say(registered=registered.client_id)
seen = ven.events.get_events(target=None, pagination=None, program_id=program.id)
say(seen=[one.id for one in seen], value=seen[0].intervals[0].payloads[0].values[0])
usage = ReportPayload(type=ReportPayloadType.USAGE, values=(1.5,))
resource = ReportResource(resource_name="meter", intervals=(Interval(id=0, interval_period=period, payloads=(usage,)),))
report = ven.reports.create_report(NewReport(eventID=event.id, client_name="peer ven", resources=(resource,)))
say(reported=report.client_id)
deleted = bl.events.delete_event_by_id(event.id)
say(deleted=deleted.id)

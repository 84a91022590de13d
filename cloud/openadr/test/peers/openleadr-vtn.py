"""An openleadr VTN with one event, saying on stdout as JSON lines what it sees.

Usage: PORT [CERT KEY CA VEN_FINGERPRINT [unsigned]]. With `unsigned` it speaks over mutual TLS and signs nothing.
"""

import asyncio
import json
import sys
from datetime import datetime, timedelta, timezone

from openleadr import OpenADRServer


def say(**what):
    print(json.dumps(what), flush=True)


registered = {}


async def main():
    port, *security = sys.argv[1:]
    options = {}
    if security:
        certificate, key, authority, fingerprint, *unsigned = security
        options = {"verify_message_signatures": False} if unsigned else {"cert": certificate, "key": key}
        options |= {
            "http_cert": certificate,
            "http_key": key,
            "http_ca_file": authority,
            "show_server_cert_domain": False,
        }

    def lookup(ven_id):
        known = {"ven_id": "VEN-1", "ven_name": "ven", "registration_id": registered.get("VEN-1")}
        if security:
            known["fingerprint"] = fingerprint
        return known if ven_id == "VEN-1" else None

    server = OpenADRServer(
        vtn_id="PEER-VTN",
        http_port=int(port),
        requested_poll_freq=timedelta(seconds=1),
        show_fingerprint=False,
        ven_lookup=lookup,
        **options,
    )

    async def on_register(payload):
        registered["VEN-1"] = "REG-1"
        say(registered=payload["ven_name"])
        return "VEN-1", "REG-1"

    async def on_report(data, **more):
        say(report=[value for _, value in data])

    async def on_register_report(ven_id, resource_id, measurement, unit, scale, min_sampling_interval, max_sampling_interval):
        say(offer=measurement)
        return on_report, min_sampling_interval

    async def on_answer(ven_id, event_id, opt_type):
        say(answered=event_id, opt=opt_type)

    server.add_handler("on_create_party_registration", on_register)
    server.add_handler("on_register_report", on_register_report)
    server.add_event(
        ven_id="VEN-1",
        event_id="PEER-EVENT",
        signal_name="SIMPLE",
        signal_type="level",
        intervals=[
            {
                "dtstart": datetime.now(timezone.utc) + timedelta(minutes=5),
                "duration": timedelta(minutes=10),
                "signal_payload": 1.0,
            }
        ],
        callback=on_answer,
    )
    await server.run()
    say(listening=True)
    await asyncio.Event().wait()


asyncio.run(main())

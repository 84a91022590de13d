"""An openleadr VEN that says on stdout, as JSON lines, what it sees. Usage: URL [CERT KEY CA VTN_FINGERPRINT [unsigned]].

With `unsigned` it speaks over mutual TLS and signs nothing.
"""

import asyncio
import json
import sys
from datetime import timedelta

from openleadr import OpenADRClient


def say(**what):
    print(json.dumps(what), flush=True)


async def measure():
    return 3.25


async def on_event(event):
    descriptor = event["event_descriptor"]
    signal = event["event_signals"][0]
    say(
        event=descriptor["event_id"],
        modification=descriptor["modification_number"],
        status=descriptor["event_status"],
        level=signal["intervals"][0]["signal_payload"],
    )
    return "optIn"


async def main():
    url, *security = sys.argv[1:]
    options = {}
    if security:
        certificate, key, authority, fingerprint, *unsigned = security
        options = {"cert": certificate, "key": key, "ca_file": authority}
        options |= {"disable_signature": True} if unsigned else {"vtn_fingerprint": fingerprint}
    ven = OpenADRClient(ven_name="openleadr", vtn_url=url, show_fingerprint=False, allow_jitter=False, **options)
    ven.add_report(callback=measure, resource_id="Dev1", measurement="energyReal", sampling_rate=timedelta(seconds=1))
    ven.add_handler("on_event", on_event)
    ven.add_handler("on_update_event", on_event)
    await ven.run()
    say(registered=ven.ven_id)
    await asyncio.Event().wait()


asyncio.run(main())

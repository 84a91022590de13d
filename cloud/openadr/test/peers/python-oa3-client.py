"""Drives a 3.1 VTN with python-oa3-client and says on stdout, as JSON lines, what came back. Usage: URL."""

import json
import sys

from openadr3_client import BlClient, VenClient


def say(**what):
    print(json.dumps(what), flush=True)


bl = BlClient(url=sys.argv[1], client_id="bl", client_secret="1")
bl.start()
program = bl.create_program({"programName": "peer program"}).raise_for_status().json()
event = {
    "programID": program["id"],
    "eventName": "peer event",
    "intervalPeriod": {"start": "2027-01-01T00:00:00Z", "duration": "PT1H"},
    "intervals": [{"id": 0, "payloads": [{"type": "PRICE", "values": [0.17]}]}],
}
created = bl.create_event(event).raise_for_status().json()
say(created=created["id"])

ven = VenClient(url=sys.argv[1], client_id="ven", client_secret="2")
ven.start()
ven.register("peer ven")
again = VenClient(url=sys.argv[1], client_id="ven", client_secret="2")
again.start()
again.register("peer ven")
say(registered=ven.ven_id, again=again.ven_id)
say(mqtt=ven.vtn_supports_mqtt(), brokers=ven.get_mqtt_broker_uris())
topics = ven.get_mqtt_topics_ven_events(ven.ven_id).raise_for_status().json()["topics"]
say(topic=topics["CREATE"])
seen = ven.poll_events("peer program")
say(seen=[one.id for one in seen])
report = {
    "eventID": created["id"],
    "clientName": "peer ven",
    "resources": [{"resourceName": "meter", "intervals": [{"id": 0, "payloads": [{"type": "USAGE", "values": [1.5]}]}]}],
}
say(reported=ven.create_report(report).raise_for_status().json()["clientID"])
say(deleted=bl.delete_event(created["id"]).raise_for_status().json()["id"])

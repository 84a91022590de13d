"""AC power flow of dispatch plans, by pandapower, on a grid in the columns of the SimBench extracts.

Reads {"gridDir", "cases"} from stdin (see grid-cases.ts), writes a list of verdicts. Nothing of the solver under test is
used here: the grid is built from its tables with transformer losses and line capacitances.
"""
import csv
import json
import pathlib
import sys

import pandapower as pp


def rows(folder, name):
    with open(pathlib.Path(folder) / name, encoding="utf8") as table:
        return list(csv.DictReader(table))


def build(folder):
    """The net, and for each bus the branch that feeds it, as (kind, index, turned round)."""
    net = pp.create_empty_network()
    buses = {
        row["bus"]: pp.create_bus(net, vn_kv=float(row["vn_kv"]), name=row["bus"]) for row in rows(folder, "buses.csv")
    }
    ends = {}
    for row in rows(folder, "transformers.csv"):
        pp.create_ext_grid(net, buses[row["hv_bus"]], vm_pu=float(row["slack_vm_pu"]))
        index = pp.create_transformer_from_parameters(
            net, buses[row["hv_bus"]], buses[row["lv_bus"]], sn_mva=float(row["s_kva"]) / 1e3,
            vn_hv_kv=float(row["vn_hv_kv"]), vn_lv_kv=float(row["vn_lv_kv"]), vk_percent=float(row["vk_percent"]),
            vkr_percent=float(row["vkr_percent"]), pfe_kw=float(row["pfe_kw"]), i0_percent=float(row["i0_percent"]),
            tap_pos=float(row["tap_pos"]), tap_neutral=0, tap_step_percent=float(row["tap_step_percent"]),
            tap_side=row["tap_side"], tap_changer_type="Ratio", shift_degree=0,
        )
        ends[row["hv_bus"], row["lv_bus"]] = ("trafo", index)
    for row in rows(folder, "lines.csv"):
        if row["closed"] != "1":
            continue
        length = max(1e-6, float(row["length_km"]))
        index = pp.create_line_from_parameters(
            net, buses[row["from_bus"]], buses[row["to_bus"]], length_km=length,
            r_ohm_per_km=float(row["r_ohm"]) / length, x_ohm_per_km=float(row["x_ohm"]) / length,
            c_nf_per_km=float(row["c_nf"]) / length, max_i_ka=float(row["i_max_a"]) / 1e3,
        )
        ends[row["from_bus"], row["to_bus"]] = ("line", index)
    return net, buses, feeding(ends, rows(folder, "transformers.csv")[0]["hv_bus"])


def feeding(ends, source):
    """Walks the tree from the source."""
    found, frontier = {}, [source]
    while frontier:
        bus = frontier.pop()
        for (one, other), (kind, index) in ends.items():
            for near, far, turned in ((one, other, False), (other, one, True)):
                if near == bus and far != source and far not in found:
                    found[far] = (kind, index, turned)
                    frontier.append(far)
    return found


def flow_kw(net, branch):
    """What enters the branch from above."""
    kind, index, turned = branch
    if kind == "trafo":
        # Iron losses are drawn whether the plan is carried out or not; the limit is on what is passed on.
        return 1e3 * net.res_trafo.p_hv_mw[index] - net.trafo.pfe_kw[index]
    return 1e3 * (net.res_line.p_to_mw[index] if turned else net.res_line.p_from_mw[index])


def verdict(net, buses, branches, case):
    loads = {node["bus"]: pp.create_load(net, buses[node["bus"]], p_mw=0) for node in case["nodes"]}
    excess, lines, transformers, lowest, highest = 0.0, 0.0, 0.0, 9.0, 0.0
    for step in range(len(case["nodes"][0]["activeKw"])):
        for node in case["nodes"]:
            net.load.loc[loads[node["bus"]], ["p_mw", "q_mvar"]] = [
                node["activeKw"][step] / 1e3, node["reactiveKvar"][step] / 1e3,
            ]
        pp.runpp(net, numba=False)
        for node in case["nodes"]:
            if node["capacityKw"] is not None:
                excess = max(excess, abs(flow_kw(net, branches[node["bus"]])) - node["capacityKw"])
        low_voltage = net.res_bus.vm_pu[net.bus.vn_kv < 1]
        lines = max(lines, net.res_line.loading_percent.max())
        transformers = max(transformers, net.res_trafo.loading_percent.max())
        lowest, highest = min(lowest, low_voltage.min()), max(highest, low_voltage.max())
    net.load.drop(net.load.index, inplace=True)
    return {
        "name": case["name"], "plan": case["plan"], "costEur": case["costEur"], "flowExcessKw": float(excess),
        "lineLoadingPercentMax": float(lines), "transformerLoadingPercentMax": float(transformers),
        "voltagePuMin": float(lowest), "voltagePuMax": float(highest),
        "voltageExcessPu": float(max(0, case["minPu"] - lowest, highest - case["maxPu"])),
    }


def main():
    asked = json.load(sys.stdin)
    net, buses, branches = build(asked["gridDir"])
    print(json.dumps([verdict(net, buses, branches, case) for case in asked["cases"]]))


if __name__ == "__main__":
    main()

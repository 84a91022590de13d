"""Judges our balance controller by the CityLearn package's own evaluation of the 2022 challenge homes.

The controller is a process of its own: one line of JSON in for each hour (what the buildings observe), one line out (how
far each battery charges, in parts of its capacity). This file only carries lines; all control is on the other side.

  pip install CityLearn==2.2b0
  python judge.py --seeds 0 1 --hours 8759 [--schema citylearn_challenge_2022_phase_all] [--json OUT]
"""
import argparse
import json
import pathlib
import subprocess
import sys

OBSERVED = (
    "non_shiftable_load", "solar_generation", "electrical_storage_soc", "carbon_intensity", "electricity_pricing",
    "electricity_pricing_predicted_24h",
)


def play(schema, seed, hours):
    from citylearn.citylearn import CityLearnEnv

    env = CityLearnEnv(schema, central_agent=False, random_seed=seed, simulation_end_time_step=hours)
    observations = env.reset(seed=seed)
    observations = observations[0] if isinstance(observations, tuple) else observations
    controller = subprocess.Popen(
        ["node", str(pathlib.Path(__file__).with_name("controller.ts"))],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )
    names = env.observation_names
    capacities = [building.electrical_storage.capacity for building in env.buildings]
    terminated = False
    while not terminated:
        homes = [
            {key: float(values[own.index(key)]) for key in OBSERVED if key in own}
            for own, values in zip(names, observations)
        ]
        for home, capacity in zip(homes, capacities):
            home["capacity_kwh"] = float(capacity)
        controller.stdin.write(json.dumps(homes) + "\n")
        controller.stdin.flush()
        actions = json.loads(controller.stdout.readline())
        observations, _, terminated, truncated, _ = env.step([[action] for action in actions])
        terminated = terminated or truncated
    controller.stdin.close()
    controller.wait()
    return score(env)


def score(env):
    """Mean of electricity cost, emissions and grid cost, each against no control, as the challenge weighs them."""
    table = env.evaluate()
    district = table[table["level"] == "district"].set_index("cost_function")["value"]
    grid = (district["ramping_average"] + district["monthly_one_minus_load_factor_average"]) / 2
    parts = {"cost": district["cost_total"], "emissions": district["carbon_emissions_total"], "grid": grid}
    return {**{key: float(value) for key, value in parts.items()}, "score": float(sum(parts.values()) / 3),
            "ramping": float(district["ramping_average"]),
            "monthly_one_minus_load_factor": float(district["monthly_one_minus_load_factor_average"]),
            "daily_one_minus_load_factor": float(district["daily_one_minus_load_factor_average"])}


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--schema", default="citylearn_challenge_2022_phase_all")
    options.add_argument("--seeds", type=int, nargs="+", default=[0])
    options.add_argument("--hours", type=int, default=8759)
    options.add_argument("--json")
    given = options.parse_args()
    try:
        import citylearn  # noqa: F401
    except ImportError as error:
        print(f"CityLearn is not available: {error}")
        return
    found = []
    for seed in given.seeds:
        found.append({"seed": seed, "schema": given.schema, "hours": given.hours, **play(given.schema, seed, given.hours)})
        print(json.dumps(found[-1]), flush=True)
    if given.json:
        pathlib.Path(given.json).write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    sys.exit(main())

import { Histogram, Registry } from "prom-client";
import { expect, it } from "vitest";
import { BucketCounts } from "./bucket-counts.ts";

it("is shown as prom-client shows its own histogram", async () => {
  const options = { name: "gridpact_test_seconds", help: "How long", bounds: [0.001, 0.01, 1] };
  const [ours, theirs] = [new Registry(), new Registry()];
  for (const registry of [ours, theirs]) registry.setDefaultLabels({ vn: "district" });
  const counts = new BucketCounts(options);
  ours.registerMetric(counts.metric());
  const histogram = new Histogram({ name: options.name, help: options.help, buckets: [...options.bounds] });
  theirs.registerMetric(histogram);
  for (const value of [0, 0.001, 0.0011, 0.5, 1, 1.5, 100]) {
    counts.observe(value);
    histogram.observe(value);
  }
  expect(await ours.metrics()).toBe(await theirs.metrics());
});

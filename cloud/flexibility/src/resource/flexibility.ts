/**
 * What one resource can change during an event, in the terms of the dispatch: most power in each step, most energy over
 * the event, and the share of a reduction that is drawn afterwards.
 */
export type ResourceFlexibility = {
  readonly reduceKwMax: Float64Array;
  readonly increaseKwMax: Float64Array;
  readonly reduceKwhMax: number;
  readonly increaseKwhMax: number;
  /** Drawn after the event for each kWh reduced in it. */
  readonly reboundRatio: number;
};

/** An event as a resource sees it: so many steps of equal length. */
export type EventSteps = { readonly stepCount: number; readonly stepHours: number };

/** Flexibility bounded by power alone: energy is what that power gives over the event. */
export function powerBound(
  { stepHours }: EventSteps,
  bounds: { reduceKwMax: Float64Array; increaseKwMax: Float64Array; reboundRatio: number },
): ResourceFlexibility {
  const energy = (kw: Float64Array) => kw.reduce((sum, each) => sum + each * stepHours, 0);
  return { ...bounds, reduceKwhMax: energy(bounds.reduceKwMax), increaseKwhMax: energy(bounds.increaseKwMax) };
}

const STEPS_PER_SIDE = 460;
const BISECTIONS = 200;

/**
 * The zero of a continuous function nearest to 0 between `low` < 0 and `high` > 0: steps outwards on both sides until the
 * sign changes, then halves. It cannot diverge; null when no sign change is seen.
 */
export function rootOf(value: (x: number) => number, low: number, high: number): number | null {
  const atZero = value(0);
  if (atZero === 0) return 0;
  for (let step = 1; step <= STEPS_PER_SIDE; step += 1) {
    const right = bracket(value, step, high);
    if (right !== null) return right;
    const left = bracket(value, step, low);
    if (left !== null) return left;
  }
  return null;
}

/** The zero inside the `step`-th cell from 0 towards `bound`; null when the sign does not change there. */
function bracket(value: (x: number) => number, step: number, bound: number): number | null {
  const near = (bound * (step - 1)) / STEPS_PER_SIDE;
  const far = (bound * step) / STEPS_PER_SIDE;
  const nearValue = value(near);
  const farValue = value(far);
  if (farValue === 0) return far;
  return Math.sign(nearValue) === -Math.sign(farValue)
    ? bisect(value, near, far, Math.sign(nearValue))
    : null;
}

function bisect(value: (x: number) => number, near: number, far: number, nearSign: number): number {
  let inside = near;
  let outside = far;
  for (let step = 0; step < BISECTIONS; step += 1) {
    const middle = (inside + outside) / 2;
    if (Math.sign(value(middle)) === nearSign) inside = middle;
    else outside = middle;
  }
  return (inside + outside) / 2;
}

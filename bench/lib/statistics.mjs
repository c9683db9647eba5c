const ascending = (values) => [...values].sort((a, b) => a - b);

export function median(values) {
  const sorted = ascending(values);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The value that `share` of the values do not exceed (nearest rank); of few values, p99 is the largest. */
export function percentile(values, share) {
  const sorted = ascending(values);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

export function summary(values) {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

// Whether two samples come from one distribution.

/** @param fraction 0 … 1 */
export function quantile(sample, fraction) {
  const sorted = [...sample].sort((a, b) => a - b);
  const at = (sorted.length - 1) * fraction;
  const low = sorted[Math.floor(at)];
  return low + (sorted[Math.ceil(at)] - low) * (at - Math.floor(at));
}

/**
 * Mann–Whitney U (normal approximation, corrected for ties) and Kolmogorov–Smirnov (asymptotic), both two-sided. `auc` is the chance
 * that a value of `a` is above one of `b`: 0.5 where the samples tell nothing.
 */
export function compareSamples(a, b) {
  const [n, m] = [a.length, b.length];
  const pooled = [
    ...a.map((value) => ({ value, ours: true })),
    ...b.map((value) => ({ value, ours: false })),
  ];
  pooled.sort((one, other) => one.value - other.value);
  let rankSum = 0;
  let ties = 0;
  let distance = 0;
  let seen = { ours: 0, theirs: 0 };
  for (let start = 0; start < pooled.length;) {
    let end = start;
    while (end < pooled.length && pooled[end].value === pooled[start].value) end += 1;
    const ours = pooled.slice(start, end).filter((item) => item.ours).length;
    // Ranks count from one; equal values share the mean of theirs.
    rankSum += (ours * (start + 1 + end)) / 2;
    ties += (end - start) ** 3 - (end - start);
    seen = { ours: seen.ours + ours, theirs: seen.theirs + (end - start - ours) };
    distance = Math.max(distance, Math.abs(seen.ours / n - seen.theirs / m));
    start = end;
  }
  const u = rankSum - (n * (n + 1)) / 2;
  const total = n + m;
  const spread = Math.sqrt(((n * m) / 12) * (total + 1 - ties / (total * (total - 1))));
  return {
    auc: u / (n * m),
    mannWhitneyP: 2 * (1 - normal(Math.abs(u - (n * m) / 2) / spread)),
    kolmogorovSmirnovD: distance,
    kolmogorovSmirnovP: kolmogorov(distance * Math.sqrt((n * m) / total)),
  };
}

/** The standard normal distribution (Abramowitz and Stegun 26.2.17, error below 1e-7). */
function normal(x) {
  const t = 1 / (1 + 0.2316419 * x);
  const tail =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * tail;
}

/** The probability that Kolmogorov's statistic is above `x`. */
function kolmogorov(x) {
  if (x < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k += 1) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  return Math.min(1, Math.max(0, sum));
}

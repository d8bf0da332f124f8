/** Critical, high and medium, the vendor's names of its priorities, on the scale of the severities of Elastic's rules. */
const SEVERITIES = new Map([
  [1, 99],
  [2, 73],
  [3, 47],
]);

/** `event.severity`, which grows with the danger, from the vendor's priority, where 1 is the highest of 3. */
export function severity(priority: number | undefined): { severity: number | undefined } {
  return { severity: priority === undefined ? undefined : SEVERITIES.get(priority) };
}

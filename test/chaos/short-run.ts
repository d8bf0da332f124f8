/** The run that `npm test` goes through: on which engines, and with which seed each, so that every kind has its place in it. */
export const shortRun = {
  seeds: { 'elasticsearch-9': 9, 'opensearch-3': 3 },
  minutes: 2,
  kills: 9,
  eventsPerSecond: 40,
} as const;

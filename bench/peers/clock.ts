/** Milliseconds on the machine's steady clock, which all its processes share on Linux. */
export const now = (): number => Number(process.hrtime.bigint()) / 1e6

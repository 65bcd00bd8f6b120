/** Says on standard error how far a run is: it takes minutes. */
export function progress(what: string): void {
  process.stderr.write(`${process.uptime().toFixed(0).padStart(4)} s  ${what}\n`)
}

/** An address that stays while what is behind it changes, as a floating address or a service name does. */
import { connect, createServer, type Socket } from 'node:net'

export type Proxy = {
  readonly port: number
  /** Ends all connections; new ones are refused until it leads somewhere again. */
  cut(): void
  leadTo(port: number): void
  stop(): void
}

export async function createProxy(): Promise<Proxy> {
  let target: number | undefined
  const open = new Set<Socket>()
  const server = createServer((near) => {
    if (target === undefined) return void near.destroy()
    const far = connect(target, '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one)
      one.setNoDelay(true)
      one.pipe(other)
      one.once('close', () => {
        open.delete(one)
        other.destroy()
      })
      one.on('error', () => {})
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('Expected a port')
  const cut = () => {
    target = undefined
    for (const one of open) one.destroy()
  }
  return {
    port: address.port,
    cut,
    leadTo(port) {
      target = port
    },
    stop() {
      cut()
      server.close()
    },
  }
}

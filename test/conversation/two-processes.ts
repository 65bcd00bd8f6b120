/** Two processes of the program as they stand behind a load balancer: each update goes to the one or to the other in turn. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { freePort, ROOT } from '../support/program.js'

export type TwoProcesses = {
  /** How many updates each process was given. */
  readonly given: readonly number[]
  stop(): Promise<void>
}

/** Starts both on the same stores. `env` names the Bot API and the secret; the address of the webhook is the balancer's. */
export async function startTwoProcesses(env: Record<string, string>): Promise<TwoProcesses> {
  const ports = [await freePort(), await freePort()]
  const given = [0, 0]
  let turn = 0
  const balancer = createServer((incoming, answer) => {
    turn = 1 - turn
    given[turn]! += 1
    passOn(ports[turn]!, incoming, answer)
  }).listen(0, '127.0.0.1')
  await once(balancer, 'listening')
  const url = `http://127.0.0.1:${(balancer.address() as AddressInfo).port}`
  const children: ChildProcess[] = []
  for (const port of ports) children.push(await startProcess({ ...env, PUBLIC_URL: url, PORT: String(port) }))
  return {
    given,
    stop: async () => {
      const exits = children.map((child) => once(child, 'exit'))
      for (const child of children) child.kill('SIGTERM')
      await Promise.all(exits)
      balancer.closeAllConnections()
      balancer.close()
    },
  }
}

function passOn(port: number, incoming: IncomingMessage, answer: ServerResponse): void {
  const { method, url, headers } = incoming
  const onward = request({ host: '127.0.0.1', port, method, path: url, headers }, (response) => {
    answer.writeHead(response.statusCode!, response.headers)
    response.pipe(answer)
  })
  onward.on('error', () => answer.writeHead(502).end())
  incoming.pipe(onward)
}

async function startProcess(env: Record<string, string>): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(ROOT, 'dist', 'main.js')], {
    env: { PATH: process.env.PATH, LOG_LEVEL: 'silent', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout!, 'data') // the ready lines
  return child
}

// The fake as a process of its own.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { readReply } from './harness.js'

it('runs as a process of its own, for any chat, and tells its counts', async () => {
  const main = fileURLToPath(new URL('../support/bot-api/main.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', main, '--port', '0', '--token', 'X', '--latency', '0'])
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const read = async () => JSON.parse((await lines.next()).value as string) as Record<string, unknown>
  const { url } = await read()
  const call = async (method: string) => readReply(await fetch(`${url}/botX/${method}`))
  expect(await call('sendMessage?chat_id=123456&text=x')).toMatchObject({ ok: true, result: { message_id: 1 } })
  expect(await call('answerCallbackQuery?callback_query_id=1')).toMatchObject({ ok: true })
  child.stdin.write('\n')
  expect(await read()).toEqual({ 'sendMessage ok': 1, 'answerCallbackQuery ok': 1 })
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
})

// Waiting for a condition that has to hold for some turns of the event loop.
import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createWaiters } from '../support/bot-api/waiters.js'

it('waits on where the condition breaks within the turns, as when a call is read that was sent before', async () => {
  const waiters = createWaiters()
  let callsUnderWay = 0
  let done = false
  const settled = waiters
    .until(
      () => callsUnderWay === 0,
      () => 'calls under way',
      { turns: 3 },
    )
    .then(() => {
      done = true
    })
  await turn()
  callsUnderWay = 1
  for (let turns = 0; turns < 10; turns += 1) await turn()
  expect(done).toBe(false)
  callsUnderWay = 0
  waiters.changed()
  await settled
})

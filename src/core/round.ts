/** When a round is open. Its instants decide, so nothing has to run at the hour for it to open or to end. */

export type RoundMode = 'shared' | 'individual'
/** `published` is the admin's word; whether it is open then depends on the time. */
export type RoundStatus = 'draft' | 'published' | 'closed' | 'archived'

/** `waiting`: published, not open yet. `over`: the deadline has passed. */
export type Phase = 'draft' | 'waiting' | 'open' | 'over' | 'closed' | 'archived'

export function phaseOf(
  round: { readonly status: RoundStatus; readonly opensAt: Date; readonly deadline: Date },
  now: number,
): Phase {
  if (round.status !== 'published') return round.status
  if (now < round.opensAt.getTime()) return 'waiting'
  return now < round.deadline.getTime() ? 'open' : 'over'
}

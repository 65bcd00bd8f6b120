/** What the seeded district and its measuring have in common. */
import type { Question } from '../src/core/questionnaire.js'

export const DAY_MS = 24 * 60 * 60 * 1000
export const WORKERS = 6

/** Oldest first; days from now. */
export const ROUNDS = [
  { id: 'r0000000001', name: '2026年第2季度评定', opens: -200, deadline: -180 },
  { id: 'r0000000002', name: '2026年第3季度评定', opens: -100, deadline: -80 },
  { id: 'r0000000003', name: '2026年第4季度评定', opens: -5, deadline: 9 },
] as const

export const HEADS = 1_000_000
export const ADMIN_CHAT = 1
export const ADMIN = `telegram:${ADMIN_CHAT}`

/** Address of the nth person from a number on. */
export const addressOf = (from: number, n: number): string => `telegram:${from + n}`
/** The kth worker of the nth community. */
export const workerOf = (n: number, k: number): string => `p-worker-${n}-${k}`
export const communityOf = (n: number): string => `c${String(n).padStart(10, '0')}`

/** Which of a community's workers a question belongs to, by its post; `posts` are those of the rubric, in its order. */
export const ownerOf = (posts: readonly string[], question: Question): number =>
  'indicator' in question ? posts.indexOf(question.indicator.post) % WORKERS : 0

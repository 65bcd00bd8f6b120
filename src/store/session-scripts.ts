/** What Redis does with sessions in one step, for one person or several. */
import { CLAIM_MS, LEASE_MS, MAX_CLAIMS, SESSION_TTL_MS } from './session-limits.js'

/** A full set drops this many at once, so that few saves have to sort it. */
const DROPPED_AT_ONCE = 50

/** In hand is more than one input that was never finished. */
const SEVERAL = '*'

/** In the place of an input, where there is none. */
export const NOTHING = '-'

/**
 * All people's keys (lease, session, claims and hand of each), and then what is to be done for each, in the same order. What belongs
 * together is one argument, since the client's work grows with their number.
 *
 * - `begin token input predecessor`. Replies with 0 where another holds the lease, and else with the session, whether the input is claimed, and
 *   a sum: 1 where another one was in hand and never finished, 2 where the lease was the predecessor's (if one is given), which is as good as none.
 *   What is in hand from now on is noted, unless it is `-`: nothing. The own token in the lease: this very command was sent again after a broken connection.
 * - `renew token`. Replies with 1 where the lease lasts on and 0 where it ran out.
 * - `save token inputs…` or `finish token inputs…`, and then the session. Replies with 1 where it is written and 0 where the lease ran
 *   out. `finish` gives the lease back as well, and nothing is in hand any more.
 * - `pass token next inputs…`, and then the session: as `finish`, but the lease goes on to the next input. Replies with 2 where that is claimed.
 *
 * A set of claims stays under 512 members (set-max-intset-entries), beyond which Redis would keep it as strings. The smallest
 * numbers go first: counters such as Telegram's grow, so these are the oldest inputs. Among hashes it hits any of the older
 * ones, never the new ones, and the ledger still knows an input that is claimed no more.
 */
export const SERVE = `
local replies, at = {}, 1
for i = 1, #KEYS / 4 do
  local lease, session, claims, hand = unpack(KEYS, 4 * i - 3, 4 * i)
  local words = {}
  for word in string.gmatch(ARGV[at], '%S+') do words[#words + 1] = word end
  local what, token = words[1], words[2]
  at = at + 1
  if what == 'begin' then
    local free, inherited = redis.call('SET', lease, token, 'NX', 'PX', ${LEASE_MS}), 0
    if not free then
      local holder, gone = redis.call('GET', lease), words[4]
      free = holder == token
      if holder and gone and string.sub(holder, 1, #gone) == gone then
        free = redis.call('SET', lease, token, 'PX', ${LEASE_MS})
        inherited = 2
      end
    end
    if free then
      local before, input = redis.call('GET', hand), words[3]
      local other = before and before ~= input
      if before ~= input and input ~= '${NOTHING}' then redis.call('SET', hand, other and '${SEVERAL}' or input, 'EX', ${SESSION_TTL_MS / 1000}) end
      replies[i] = { redis.call('GET', session), redis.call('SISMEMBER', claims, input), (other and 1 or 0) + inherited }
    else
      replies[i] = 0
    end
  elseif what == 'renew' then
    replies[i] = redis.call('GET', lease) == token and redis.call('PEXPIRE', lease, ${LEASE_MS}) or 0
  else
    local text, first = ARGV[at], what == 'pass' and 4 or 3
    local count = #words - first + 1
    at = at + 1
    replies[i] = 0
    if redis.call('GET', lease) == token then
      redis.call('SET', session, text, 'EX', ${SESSION_TTL_MS / 1000})
      if count > 0 then
        local over = redis.call('SCARD', claims) + count - ${MAX_CLAIMS}
        if over > 0 then
          local drop = math.max(over, ${DROPPED_AT_ONCE})
          redis.call('SREM', claims, unpack(redis.call('SORT', claims, 'LIMIT', 0, drop)))
        end
        redis.call('SADD', claims, unpack(words, first))
        redis.call('EXPIRE', claims, ${CLAIM_MS / 1000})
      end
      replies[i] = 1
      if what == 'finish' then
        redis.call('DEL', lease, hand)
      elseif what == 'pass' then
        redis.call('PEXPIRE', lease, ${LEASE_MS})
        redis.call('SET', hand, words[3], 'EX', ${SESSION_TTL_MS / 1000})
        replies[i] = 1 + redis.call('SISMEMBER', claims, words[3])
      end
    end
  end
end
return replies`

/** One person's lease and hand; the token, and the input that is in hand no more (empty: it stays so). */
export const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('DEL', KEYS[1])
  if redis.call('GET', KEYS[2]) == ARGV[2] then redis.call('DEL', KEYS[2]) end
end
return 0`

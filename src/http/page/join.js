// @ts-check
/** The code of an invitation, which came behind the `#` of the address. */

const JOIN = /^#join=([A-Za-z0-9_-]{20,64})$/

/** The code, once: it is taken out of the address, so that it is neither bookmarked nor passed on with it; null without one. */
export function takeInvitation() {
  const code = JOIN.exec(location.hash)?.[1] ?? null
  if (code !== null) history.replaceState(null, '', location.pathname + location.search)
  return code
}

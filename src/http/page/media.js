// @ts-check
/** The photo or the file of a message. */

/** @typedef {{ kind: 'photo' | 'file', name?: string, url: string | null }} Media `url` null: only Telegram has it. */

/**
 * @param {Media} media
 * @param {import('./formatting.js').Say} say
 * @returns {HTMLElement}
 */
export function mediaElement({ kind, name, url }, say) {
  const called = name ?? say(kind === 'photo' ? 'page.photo' : 'page.attachment')
  const element = document.createElement('p')
  element.className = 'media'
  if (url === null) element.append(say('page.in_telegram', { name: called }))
  else if (kind === 'file') element.append(linkTo(url, called, say))
  else {
    const link = document.createElement('a')
    link.href = url
    link.target = '_blank'
    const image = document.createElement('img')
    image.src = url
    image.alt = say('page.photo')
    // A photo that this browser cannot draw can still be kept.
    image.addEventListener('error', () => element.replaceChildren(linkTo(url, called, say)))
    link.append(image)
    element.append(link)
  }
  return element
}

/**
 * @param {string} url
 * @param {string} name
 * @param {import('./formatting.js').Say} say
 */
function linkTo(url, name, say) {
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.textContent = say('page.download', { name })
  return link
}

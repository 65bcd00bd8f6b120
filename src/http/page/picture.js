// @ts-check
/** A picture of the bot: in the log as wide as that is, and large in a window of its own, where it can be moved about. */

/** @typedef {{ name: string, base64: string, alt: string }} Picture */

/**
 * Where a PNG says how large it is: two numbers of 4 bytes. https://www.w3.org/TR/png-3/#11IHDR
 */
const [WIDTH_AT, HEIGHT_AT, HEAD_BYTES] = [16, 20, 24]

/**
 * The picture, and the buttons under it; their address dies with the page.
 * @param {Picture} picture
 * @param {(key: string, variables?: Record<string, string>) => string} say
 */
export function pictureElements({ name, base64, alt }, say) {
  const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))
  const address = URL.createObjectURL(new Blob([bytes], { type: 'image/png' }))
  const draw = () => {
    const image = document.createElement('img')
    image.src = address
    image.alt = alt
    // Said beforehand, so that nothing jumps when it is there.
    if (bytes.length >= HEAD_BYTES) {
      const view = new DataView(bytes.buffer)
      image.width = view.getUint32(WIDTH_AT)
      image.height = view.getUint32(HEIGHT_AT)
    }
    return image
  }
  const image = draw()
  const enlarge = buttonOf(say('page.enlarge'))
  const open = () => openWindow(draw(), say('page.close'))
  image.addEventListener('click', open)
  enlarge.addEventListener('click', open)
  const download = document.createElement('a')
  download.href = address
  download.download = name
  download.textContent = say('page.download', { name })
  const under = document.createElement('div')
  under.className = 'under'
  under.append(enlarge, download)
  return [image, under]
}

/**
 * The rest of the page waits behind it; Escape closes it as well, and the focus goes back to where it was.
 * @param {HTMLImageElement} image
 * @param {string} close
 */
function openWindow(image, close) {
  const [dialog, pane, button] = [document.createElement('dialog'), document.createElement('div'), buttonOf(close)]
  dialog.className = 'large'
  dialog.setAttribute('aria-label', image.alt)
  // Reached by Tab, so that the arrow keys move the picture.
  pane.tabIndex = 0
  pane.append(image)
  dialog.append(button, pane)
  image.addEventListener('click', () => image.classList.toggle('whole'))
  button.addEventListener('click', () => dialog.close())
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
  // The middle first: a drawing begins there, and its edges are empty.
  pane.scrollLeft = (pane.scrollWidth - pane.clientWidth) / 2
}

/** @param {string} label */
function buttonOf(label) {
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = label
  return button
}

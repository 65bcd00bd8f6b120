// @ts-check
/** The button that sends where the person stands; hidden where the browser cannot or may not tell. */

/** A fix from the satellites takes this long out of doors; indoors there is none at all. */
const LONGEST_WAIT_MS = 15_000

/**
 * @param {HTMLElement} button
 * @param {{ begun: () => void, found: (place: { latitude: number, longitude: number }) => void, refused: () => void }} then
 */
export function offerLocation(button, { begun, found, refused }) {
  if (window.isSecureContext && navigator.geolocation)
    Promise.resolve(navigator.permissions?.query({ name: 'geolocation' })).then(
      (permission) => {
        button.hidden = permission?.state === 'denied'
      },
      () => {
        button.hidden = false
      },
    )
  button.addEventListener('click', () => {
    begun()
    navigator.geolocation.getCurrentPosition(({ coords }) => found(coords), refused, {
      enableHighAccuracy: true,
      timeout: LONGEST_WAIT_MS,
    })
  })
}

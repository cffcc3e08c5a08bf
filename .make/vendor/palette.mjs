// Turns the colours that follow the brand colour into CSS custom properties, so that a Comune is rebranded by a small CSS.
// The stock CSS repeats the brand colour hundreds of times; it is compiled with several brand colours and compared token by token.

const COLOUR = /#[0-9a-f]{3,8}\b|(?:rgb|hsl)a?\([^()]*\)|(?<=-rgb:\s?)\d[\d., ]+/gi
const DATA_URL = /url\((?:"data:[^"]*"|'data:[^']*'|data:[^)]*)\)/g
const NAMES = { '#0066cc': 'brand', '#0052a3': 'brand-dark', '#003366': 'brand-darkest' }

/** Hides data: URLs, where a custom property would not be read. */
export function mask(css) {
  const urls = []
  return { css: css.replace(DATA_URL, (url) => `__data${urls.push(url) - 1}__`), urls }
}

export const unmask = (css, urls) => css.replace(/__data(\d+)__/g, (_, n) => urls[n])

export const colours = (css) => css.match(COLOUR)

function toRgb(token) {
  const text = token.toLowerCase()
  if (text.startsWith('#')) {
    const wide = text.length < 6 ? [...text.slice(1)].map((c) => c + c).join('') : text.slice(1)
    const [r, g, b, a = 255] = wide.match(/../g).map((pair) => parseInt(pair, 16))
    return [r, g, b, a / 255]
  }
  const numbers = text.match(/[\d.]+/g).map(Number)
  if (!text.startsWith('hsl')) return [...numbers.slice(0, 3), numbers[3] ?? 1]
  const [h, s, l, a = 1] = numbers
  const f = (n) => {
    const k = (n + h / 30) % 12
    return 255 * (l / 100 - (s / 100) * Math.min(l / 100, 1 - l / 100) * Math.max(-1, Math.min(k - 3, 9 - k, 1)))
  }
  return [f(0), f(8), f(4), a]
}

/** Hue in degrees, saturation and brightness in percent, alpha 0..1. */
function toHsb(token) {
  const [r, g, b, a] = toRgb(token)
  const top = Math.max(r, g, b)
  const span = top - Math.min(r, g, b)
  let hue = 0
  if (span) hue = top === r ? ((g - b) / span) % 6 : top === g ? (b - r) / span + 2 : (r - g) / span + 4
  return { h: (hue * 60 + 360) % 360, s: top ? (span / top) * 100 : 0, b: (top / 255) * 100, a }
}

const round = (value) => Math.round(value * 1000) / 1000
const isGrey = (token) => toHsb(token).s < 0.5

const hex = (token) => '#' + toRgb(token).slice(0, 3).map((v) => Math.round(v).toString(16).padStart(2, '0')).join('')

/** How one token answers to the brand colour: its value for the default brand and its slope over saturation and brightness. */
function describe(name, samples, palettes) {
  const [base, , paler, darker] = samples.map(toHsb)
  const [, , palerBrand, darkerBrand] = palettes
  return {
    name,
    triple: /^\d/.test(samples[0]),
    hue: round(base.h - palettes[0].h),
    saturation: round(base.s),
    saturationSlope: round((base.s - paler.s) / (palettes[0].s - palerBrand.s)),
    brightness: round(base.b),
    brightnessSlope: round((base.b - darker.b) / (palettes[0].b - darkerBrand.b)),
    alpha: round(base.a),
    value: samples[0].trim(),
  }
}

/**
 * Replaces every colour that differs between the compilations. `sheets` and `palettes` run in parallel:
 * default brand, another hue, paler, darker. Returns the CSS and one description per custom property.
 */
export function tokenise(sheets, palettes) {
  const lists = sheets.map(colours)
  if (new Set(lists.map((list) => list.length)).size !== 1) throw new Error('the compilations differ in more than colours')
  const tokens = new Map()
  let index = -1
  const css = sheets[0].replace(COLOUR, (token) => {
    index += 1
    const samples = lists.map((list) => list[index])
    // White or black chosen by contrast: the theme editor only admits brand colours on which white is readable.
    if (new Set(samples.slice(0, 2)).size === 1 || isGrey(token)) return token
    const key = samples.map((sample) => hex(sample) + toRgb(sample)[3] + /^\d/.test(sample)).join('|')
    if (!tokens.has(key)) {
      const known = toRgb(token)[3] === 1 && !/^\d/.test(token) && NAMES[hex(token)]
      const free = known && ![...tokens.values()].some((other) => other.name === known)
      tokens.set(key, describe(free ? known : `brand-${tokens.size + 1}`, samples, palettes))
    }
    return `var(--${tokens.get(key).name})`
  })
  return { css, tokens: [...tokens.values()] }
}

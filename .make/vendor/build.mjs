// Builds static/vendor/bootstrap-italia from the npm package: only the needed styles, the icon sprite, the fonts.
// Run it with `make vendor`; the results are committed, so that nobody else needs node.
import { createHash } from 'node:crypto'
import { chmodSync, copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as sass from 'sass'
import { mask, tokenise, unmask } from './palette.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const upstream = join(here, 'node_modules/bootstrap-italia')
const out = join(here, '../../static/vendor/bootstrap-italia')
const tokensFile = join(here, '../../platform/sportello/ui/brand.json')
const { version } = JSON.parse(readFileSync(join(upstream, 'package.json'), 'utf8'))

const PALETTES = [
  { h: 210, s: 100, b: 80 },
  { h: 150, s: 100, b: 80 },
  { h: 210, s: 70, b: 80 },
  { h: 210, s: 100, b: 55 },
]
const FONTS = [
  ['Titillium Web', 'Titillium_Web/titillium-web-v10-latin-ext_latin-regular.woff2', 400, 'normal'],
  ['Titillium Web', 'Titillium_Web/titillium-web-v10-latin-ext_latin-italic.woff2', 400, 'italic'],
  ['Titillium Web', 'Titillium_Web/titillium-web-v10-latin-ext_latin-600.woff2', 600, 'normal'],
  ['Titillium Web', 'Titillium_Web/titillium-web-v10-latin-ext_latin-700.woff2', 700, 'normal'],
  ['Lora', 'Lora/lora-v20-latin-ext_latin-regular.woff2', 400, 'normal'],
  ['Roboto Mono', 'Roboto_Mono/roboto-mono-v13-latin-ext_latin-regular.woff2', 400, 'normal'],
]
const LICENCES = [
  ['LICENSE', 'LICENSE'],
  ['src/fonts/Titillium_Web/OFL.txt', 'fonts/OFL-Titillium_Web.txt'],
  ['src/fonts/Lora/OFL.txt', 'fonts/OFL-Lora.txt'],
  ['src/fonts/Roboto_Mono/LICENSE.txt', 'fonts/LICENSE-Roboto_Mono.txt'],
]

function copy(from, to) {
  copyFileSync(join(upstream, from), join(out, to))
  chmodSync(join(out, to), 0o644)
}

function compile({ h, s, b }) {
  const entry = readFileSync(join(here, 'entry.scss'), 'utf8')
  const { css } = sass.compileString(`$primary-h: ${h}; $primary-s: ${s}; $primary-b: ${b};\n${entry}`, {
    loadPaths: [join(upstream, 'src/scss'), join(here, 'node_modules')],
    style: 'compressed',
    quietDeps: true,
    logger: sass.Logger.silent,
  })
  return css
}

/** The pa-website validator reads the version only between double quotes. */
const polish = (css) =>
  css
    .replace(/^\uFEFF/, '')
    .replace(/\/\*# sourceMappingURL=.*?\*\//g, '')
    .replace(/--bootstrap-italia-version:\s*'([^']+)'/, '--bootstrap-italia-version: "$1"')

function fontFaces() {
  return FONTS.map(([family, path, weight, style]) => {
    const file = path.split('/').pop()
    copy(`src/fonts/${path}`, `fonts/${file}`)
    return `@font-face{font-family:"${family}";font-style:${style};font-weight:${weight};font-display:swap;src:url("../fonts/${file}") format("woff2")}`
  }).join('\n')
}

function checksums() {
  const files = readdirSync(out, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'SHA256SUMS')
    .map((entry) => join(entry.parentPath, entry.name).slice(out.length + 1))
    .sort()
  return files.map((file) => `${createHash('sha256').update(readFileSync(join(out, file))).digest('hex')}  ${file}\n`).join('')
}

rmSync(out, { recursive: true, force: true })
mkdirSync(join(out, 'css'), { recursive: true })
mkdirSync(join(out, 'fonts'))
mkdirSync(join(out, 'svg'))

const masked = PALETTES.map((palette) => mask(compile(palette)))
const { css, tokens } = tokenise(masked.map((sheet) => sheet.css), PALETTES)
const defaults = `:root{${tokens.map(({ name, value }) => `--${name}:${value}`).join(';')}}`
const banner = css.match(/^\uFEFF?\/\*![\s\S]*?\*\//)?.[0] ?? ''
const sheet = polish(unmask([banner, fontFaces(), defaults, css.slice(banner.length)].join('\n'), masked[0].urls))

writeFileSync(join(out, 'css/bootstrap-italia.css'), sheet.trimEnd() + '\n')
writeFileSync(tokensFile, JSON.stringify(tokens.map(({ value, ...token }) => token), null, 1) + '\n')
copy('dist/svg/sprites.svg', 'svg/sprites.svg')
for (const [from, to] of LICENCES) copy(from, to)
writeFileSync(join(out, 'VERSION'), `${version}\n`)
writeFileSync(join(out, 'SHA256SUMS'), checksums())
console.log(`bootstrap-italia ${version}: ${sheet.length} characters of CSS, ${tokens.length} brand colours`)

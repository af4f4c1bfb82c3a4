import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => readFileSync(join(root, 'src', file), 'utf8'))
const styles = join(root, 'node_modules/@mantine/core/styles')

test('every component of Mantine that is used has its styles', () => {
  const listed = readFileSync(join(root, 'src/look/components.ts'), 'utf8')
  const used = sources
    .flatMap((text) => [...text.matchAll(/import \{([^}]*)\} from '@mantine\/core'/g)])
    .flatMap(([, names]) => (names ?? '').split(','))
    .map((name) => name.trim())
  const missing = used.filter(
    (name) => existsSync(join(styles, `${name}.css`)) && !listed.includes(`styles/${name}.css'`),
  )
  expect(used.length).toBeGreaterThan(20)
  expect(missing).toEqual([])
})

// With the text at 200 % a rem is 32 px: in a window of 700 px, 20rem alone would run below it.
test.each([
  ['QueryBar', 'choices'],
  ['ViewsMenu', 'scroll'],
])('what opens below the bar stays in the smallest window with the largest text: %s .%s', (file, name) => {
  const sheet = readFileSync(join(root, `src/audit/${file}.module.css`), 'utf8')
  const rule = new RegExp(`^\\.${name} {([^}]*)}`, 'm').exec(sheet)?.[1]
  expect(rule).toMatch(/max-height: min\([\d.]+rem, 45vh\);/)
  expect(rule).toMatch(/overflow: auto;/)
})

test('the menu of periods is as high as there is room for, and scrolls', () => {
  expect(readFileSync(join(root, 'src/audit/FilterChip.tsx'), 'utf8')).toContain('middlewares={{ size: ')
  expect(readFileSync(join(root, 'src/audit/FilterChip.module.css'), 'utf8')).toMatch(/^\.panel {\s*overflow: auto;/m)
})

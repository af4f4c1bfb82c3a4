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

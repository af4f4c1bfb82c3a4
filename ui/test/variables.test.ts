import { convertCssVariables, defaultCssVariablesResolver, DEFAULT_THEME, mergeMantineTheme } from '@mantine/core'
import { expect, test } from 'vitest'
import { cssVariables, theme } from '../src/look/theme'

/** What `MantineProvider` would work out at every start: the variables of our theme, ours last. */
function resolved(): string {
  const merged = mergeMantineTheme(DEFAULT_THEME, theme)
  const [theirs, ours] = [defaultCssVariablesResolver(merged), cssVariables(merged)]
  return convertCssVariables(
    {
      variables: { ...theirs.variables, ...ours.variables },
      light: { '--mantine-color-scheme': 'light', ...theirs.light, ...ours.light },
      dark: { '--mantine-color-scheme': 'dark', ...theirs.dark, ...ours.dark },
    },
    ':root',
  )
}

// After a change of the theme: npx vitest run variables -u
test('the variables in src/look/variables.css are those of the theme', async () => {
  const laidOut = resolved()
    .replaceAll(/[{;](?!})/g, '$&\n  ')
    .replaceAll(/;?}/g, ';\n}\n')
  await expect(laidOut).toMatchFileSnapshot('../src/look/variables.css')
})

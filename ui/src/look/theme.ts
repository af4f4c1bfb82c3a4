// Mantine, told to look like us: small, flat, slate. The colours themselves are in tokens.css.
import {
  createTheme,
  defaultVariantColorsResolver,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core'

const slate: MantineColorsTuple = [
  '#f6f8fa',
  '#e9edf2',
  '#d5dce5',
  '#b6c1ce',
  '#8b98aa',
  '#5c6a7e',
  '#445165',
  '#2f3b4c',
  '#16202f',
  '#0b0f15',
]
const amber: MantineColorsTuple = [
  '#fdf3dc',
  '#fbe5b6',
  '#f9d48a',
  '#f7bb56',
  '#f5a524',
  '#e8930f',
  '#d98206',
  '#b56a04',
  '#8f4d05',
  '#6b3903',
]
const dark: MantineColorsTuple = [
  '#e4e9f0',
  '#c8d1dc',
  '#aeb9c8',
  '#8b98aa',
  '#374354',
  '#232c39',
  '#171d27',
  '#10151d',
  '#0b0f15',
  '#07090d',
]

/** The main button is ink: amber stays free for what is live or selected. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const ink = input.variant === 'filled' && (input.color === undefined || input.color === 'slate')
  if (!ink) return defaultVariantColorsResolver(input)
  return {
    background: 'var(--ink)',
    hover: 'var(--ink-hover)',
    color: 'var(--on-ink)',
    border: '1px solid transparent',
  }
}

export const theme = createTheme({
  variantColorResolver,
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, monospace",
  colors: { slate, amber, dark },
  primaryColor: 'slate',
  primaryShade: { light: 8, dark: 1 },
  autoContrast: true,
  black: '#0f1b2d',
  defaultRadius: 6,
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  lineHeights: { xs: '1.35', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.5' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.125rem', lineHeight: '1.4' },
      h2: { fontSize: '0.875rem', lineHeight: '1.45' },
      h3: { fontSize: '0.8125rem', lineHeight: '1.45' },
    },
  },
  components: {
    Button: { defaultProps: { size: 'xs' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'slate' } },
    TextInput: { defaultProps: { size: 'sm' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    NumberInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm', allowDeselect: false } },
    Checkbox: { defaultProps: { size: 'xs', color: 'amber.5', iconColor: '#0f1b2d' } },
    Radio: { defaultProps: { size: 'xs', color: 'amber.5', iconColor: '#0f1b2d' } },
    Switch: { defaultProps: { size: 'sm', color: 'amber.6', withThumbIndicator: false } },
    SegmentedControl: { defaultProps: { size: 'xs', transitionDuration: 100 } },
    // In the page's landmark: who goes from landmark to landmark does not find them beside the page.
    Tooltip: {
      defaultProps: {
        openDelay: 350,
        transitionProps: { duration: 80 },
        withArrow: false,
        portalProps: { target: 'main' },
      },
    },
    Popover: { defaultProps: { transitionProps: { duration: 80 }, shadow: 'none' } },
    // In place, so that a menu lies inside the landmark of its button.
    Menu: {
      defaultProps: {
        transitionProps: { duration: 80 },
        shadow: 'none',
        withinPortal: false,
        withInitialFocusPlaceholder: false,
      },
    },
    Modal: {
      defaultProps: {
        transitionProps: { duration: 120, transition: 'fade' },
        centered: true,
        // A <header> outside any section would count as a second banner of the page.
        attributes: { header: { role: 'presentation' } },
      },
    },
  },
})

export const cssVariables: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--surface)',
    '--mantine-color-text': 'var(--text)',
    '--mantine-color-dimmed': 'var(--text-dim)',
    '--mantine-color-placeholder': 'var(--text-dim)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-color-default': 'var(--raised)',
    '--mantine-color-default-hover': 'var(--hover)',
    '--mantine-color-default-color': 'var(--text)',
    '--mantine-color-error': 'var(--critical)',
    '--mantine-color-anchor': 'var(--accent-text)',
    '--mantine-primary-color-filled': 'var(--ink)',
    '--mantine-primary-color-filled-hover': 'var(--ink-hover)',
    '--mantine-primary-color-contrast': 'var(--on-ink)',
    '--mantine-color-slate-filled': 'var(--ink)',
    '--mantine-color-slate-filled-hover': 'var(--ink-hover)',
    '--mantine-color-slate-light': 'var(--hover)',
    '--mantine-color-slate-light-hover': 'var(--line)',
    '--mantine-color-slate-light-color': 'var(--text)',
    '--mantine-color-slate-text': 'var(--text-soft)',
  }
  return { variables: {}, light: shared, dark: shared }
}

import { useTranslation } from 'react-i18next'
import css from './Keys.module.css'

/** Keys to press, as caps. */
export function Keys({ keys }: { keys: string }) {
  const names = useKeyNames()(keys)
  return (
    <span className={css.keys} aria-hidden>
      {names.map((name) => (
        <kbd key={name} className={css.key}>
          {name}
        </kbd>
      ))}
    </span>
  )
}

const named = ['Enter', 'Shift', 'Space', 'Home', 'End', 'PgUp', 'PgDn']

/** What stands on the keys of the reader's language; `mod` is Ctrl, or ⌘ on a Mac. */
export function useKeyNames(): (keys: string) => string[] {
  const { t } = useTranslation()
  const mod = navigator.platform.startsWith('Mac') ? '⌘' : 'Ctrl'
  return (keys) => keys.split(' ').map((key) => (key === 'mod' ? mod : named.includes(key) ? t(`keyName.${key}`) : key))
}

import css from './Keys.module.css'

/** Keys to press, as caps: `mod` is Ctrl, or ⌘ on a Mac. */
export function Keys({ keys }: { keys: string }) {
  const mac = navigator.platform.startsWith('Mac')
  return (
    <span className={css.keys} aria-hidden>
      {keys.split(' ').map((key) => (
        <kbd key={key} className={css.key}>
          {key === 'mod' ? (mac ? '⌘' : 'Ctrl') : key}
        </kbd>
      ))}
    </span>
  )
}

import { Popover, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconX } from '@tabler/icons-react'
import { useState, type ReactNode, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import css from './FilterChip.module.css'

type Props = {
  name: 'time'
  /** What is chosen, in words; null when nothing is. */
  value: string | null
  clear: () => void
  button?: RefObject<HTMLButtonElement | null> | undefined
  width?: number
  children: (close: () => void) => ReactNode
}

/** A filter: a quiet button while it is off, its value with a cross while it is on. Both open the same small panel. */
export function FilterChip({ name, value, clear, button, width = 260, children }: Props) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const label = t(`audit.filter.${name}`)
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="bottom-start"
      trapFocus
      returnFocus
      width={width}
      withinPortal
      withRoles={false}
      middlewares={{ size: { padding: 8 } }}
    >
      <Popover.Target>
        <span className={css.chip} data-on={value !== null || undefined}>
          <UnstyledButton
            ref={button}
            className={css.button}
            onClick={() => setOpen((was) => !was)}
            aria-expanded={open}
            aria-haspopup="dialog"
            data-testid={`filter-${name}`}
          >
            {value === null ? (
              <>
                {label}
                <IconChevronDown size="0.75rem" aria-hidden className="dim" />
              </>
            ) : (
              <>
                <span className="soft">{label}</span>
                <bdi className={`cut ${css.value}`}>{value}</bdi>
              </>
            )}
          </UnstyledButton>
          {value !== null && (
            <UnstyledButton
              className={css.clear}
              onClick={clear}
              aria-label={t('audit.filter.remove', { name: label })}
              data-testid={`filter-${name}-clear`}
            >
              <IconX size="0.75rem" aria-hidden />
            </UnstyledButton>
          )}
        </span>
      </Popover.Target>
      <Popover.Dropdown p={8} className={css.panel} aria-label={label} role="dialog">
        {children(() => setOpen(false))}
      </Popover.Dropdown>
    </Popover>
  )
}

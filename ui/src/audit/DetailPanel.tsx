import { ActionIcon, Skeleton, Tooltip } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconChevronDown, IconChevronUp, IconX } from '@tabler/icons-react'
import { useEffect, useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '../app/session'
import type { EventKey } from '../backend/audit'
import type { AuditRow } from '../backend/types'
import { ErrorPanel } from '../look/Panels'
import { OutcomeMark, SeverityMark } from '../look/Marks'
import { When } from '../look/When'
import { DetailActions } from './DetailActions'
import { DetailBody } from './DetailBody'
import { sentence } from './sentence'
import { useAuditEvent } from './useAudit'
import type { AuditAsk } from './useAuditQuery'
import { eventName } from './wording'
import css from './DetailPanel.module.css'

type Props = {
  /** What is opened: a row of the list, or only the key that a link named. */
  at: EventKey
  row: AuditRow | null
  ask: AuditAsk
  step: ((by: number) => void) | null
  close: () => void
}

/** Reading one event is itself recorded, so walking past rows does not read each: the row has to stay for a moment. */
const settle = 200

export function DetailPanel({ at, row, ask, step, close }: Props) {
  const { t } = useTranslation()
  const { session } = useSession()
  const key = `${at.id} ${at.occurred_at}`
  const [settledKey] = useDebouncedValue(key, settle)
  const settled = settledKey === key
  const event = useAuditEvent(settled ? at : null)
  const panel = useRef<HTMLElement>(null)
  useEffect(() => panel.current?.focus({ preventScroll: true }), [])
  const read = settled && event.data ? event.data : null
  const shown: AuditRow | null = row ?? read
  const press = (pressed: React.KeyboardEvent) => {
    if (pressed.ctrlKey || pressed.metaKey || pressed.altKey) return
    if ((pressed.target as HTMLElement).tagName === 'PRE' && pressed.key.startsWith('Arrow')) return
    const moves: Record<string, () => void> = {
      ...(step && {
        ArrowDown: () => step(1),
        ArrowUp: () => step(-1),
        j: () => step(1),
        k: () => step(-1),
      }),
      Escape: close,
    }
    const run = moves[pressed.key]
    if (!run) return
    pressed.preventDefault()
    pressed.stopPropagation()
    run()
  }
  const button = (label: string, icon: ReactNode, run: () => void, testId: string) => (
    <Tooltip label={label}>
      <ActionIcon size="1.75rem" onClick={run} aria-label={label} data-testid={testId}>
        {icon}
      </ActionIcon>
    </Tooltip>
  )
  return (
    <aside
      ref={panel}
      className={css.panel}
      aria-label={t('audit.detail.title')}
      tabIndex={-1}
      onKeyDown={press}
      data-testid="audit-detail"
    >
      <header className={css.head}>
        <h2 className={`cut ${css.title}`}>{shown ? eventName(t, shown.event_type) : t('audit.detail.title')}</h2>
        {step && button(t('audit.detail.previous'), <IconChevronUp size="1rem" />, () => step(-1), 'detail-previous')}
        {step && button(t('audit.detail.next'), <IconChevronDown size="1rem" />, () => step(1), 'detail-next')}
        {button(t('audit.detail.close'), <IconX size="1rem" />, close, 'detail-close')}
      </header>
      <div className={css.body}>
        {shown && (
          <>
            <p className={css.sentence} data-testid="detail-sentence">
              {sentence(t, shown, session.tenants, read?.payload ?? null)}
            </p>
            <div className={css.marks}>
              <SeverityMark severity={shown.severity} />
              {shown.outcome && <OutcomeMark outcome={shown.outcome} />}
              <span className="soft">
                <When at={shown.occurred_at} />
              </span>
            </div>
          </>
        )}
        {event.isError ? (
          <ErrorPanel error={event.error} retry={() => void event.refetch()} />
        ) : read ? (
          <>
            <DetailActions event={read} ask={ask} />
            <DetailBody event={read} ask={ask} />
          </>
        ) : (
          <div role="status" aria-label={t('loading')} className={css.skeleton}>
            {[70, 55, 80, 40, 65, 75, 50].map((width) => (
              <Skeleton key={width} height={10} width={`${width}%`} />
            ))}
          </div>
        )}
      </div>
    </aside>
  )
}

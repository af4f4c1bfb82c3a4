// What a screen shows when it has nothing to show: an error, nothing there, or no right to see it.
import { Button } from '@mantine/core'
import { IconAlertTriangle, IconLock, type Icon } from '@tabler/icons-react'
import { useEffect, useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { asBackendError } from '../backend/door'
import { useErrorText } from './useErrorText'
import css from './Panels.module.css'

/** Where a panel is all that a screen shows, its title is that of the page. */
type Level = 'h1' | 'h2'
type PanelProps = {
  icon?: Icon
  title: string
  level?: Level
  text?: string
  note?: ReactNode
  children?: ReactNode
  testId?: string
}

export function Panel({ icon: PanelIcon, title, level: Title = 'h2', text, note, children, testId }: PanelProps) {
  return (
    <div className={css.panel} data-testid={testId}>
      {PanelIcon && <PanelIcon size="1.375rem" stroke={1.5} aria-hidden className={css.icon} />}
      <Title className={css.title}>{title}</Title>
      {text && <p className={css.text}>{text}</p>}
      {note}
      {children && <div className={css.actions}>{children}</div>}
    </div>
  )
}

type ErrorPanelProps = {
  error: unknown
  retry?: () => void
  level?: Level
  /** Another way on than trying again. */
  children?: ReactNode
}

export function ErrorPanel({ error, retry, level, children }: ErrorPanelProps) {
  const { t } = useTranslation()
  const text = useErrorText()(error)
  const { code, requestId, detail } = asBackendError(error)
  const denied = code === 'ACCESS_DENIED'
  return (
    <div role={denied ? undefined : 'alert'}>
      <Panel
        icon={denied ? IconLock : IconAlertTriangle}
        title={text.what}
        level={level}
        text={text.todo}
        testId={denied ? 'denied-panel' : 'error-panel'}
        note={
          <p className={css.note}>
            <span className="mono">{code}</span>
            {detail['reason'] && <span> · {detail['reason']}</span>}
            {requestId && <span className="mono"> · {requestId}</span>}
          </p>
        }
      >
        {(retry && !denied) || children ? (
          <>
            {retry && !denied && (
              <Button variant="default" onClick={retry} data-testid="retry">
                {t('retry')}
              </Button>
            )}
            {children}
          </>
        ) : null}
      </Panel>
    </div>
  )
}

type NoteProps = {
  error: unknown
  testId?: string
  /** Whether it comes into view where it is below the fold: not what fails by itself while somebody reads. */
  bring?: boolean
}

/** The same words as ErrorPanel, beside the field or button that caused it. */
export function ErrorNote({ error, testId = 'error-note', bring = true }: NoteProps) {
  const text = useErrorText()(error)
  const { code, detail } = asBackendError(error)
  const note = useRef<HTMLDivElement>(null)
  // jsdom lays nothing out and therefore scrolls nothing.
  useEffect(() => {
    if (bring) note.current?.scrollIntoView?.({ block: 'nearest' })
  }, [error, bring])
  if (!error) return null
  return (
    <div ref={note} className={css.inline} role="alert" data-testid={testId} data-code={code}>
      <IconAlertTriangle size="1rem" stroke={1.75} aria-hidden className={css.inlineIcon} />
      <div>
        <strong>{text.what}</strong> {text.todo} <span className={`mono ${css.code}`}>{code}</span>
        {detail['reason'] && <div className={css.code}>{detail['reason']}</div>}
      </div>
    </div>
  )
}

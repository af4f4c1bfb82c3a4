import { Button } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { whole } from '../look/numbers'
import { ErrorNote } from '../look/Panels'
import { useErrorText } from '../look/useErrorText'
import type { Live } from './live'
import css from './Live.module.css'

type Props = { live: Live; toggle: () => void; stop: () => void; can: boolean }

/** Follow the log, pause, go on; what it says is what is going on: following, behind, or interrupted. */
export function LiveButton({ live, toggle, stop, can }: Props) {
  const { t } = useTranslation()
  const words = useErrorText()
  const { state } = live
  const broken = live.error !== null && state !== 'off'
  const said = broken ? 'broken' : live.behind && state === 'following' ? 'behind' : state
  const Icon = state === 'following' ? IconPlayerPause : IconPlayerPlay
  return (
    <span className={css.live} data-testid="live" data-state={state} data-behind={live.behind || undefined}>
      <Button
        variant="default"
        className={state === 'off' ? undefined : css.on}
        size="compact-sm"
        onClick={toggle}
        disabled={!can}
        leftSection={
          state === 'following' ? <span className={css.dot} aria-hidden /> : <Icon size="0.8125rem" aria-hidden />
        }
        title={broken && live.error ? words(live.error).what : `${t(`search.live.hint.${state}`)} (l)`}
        aria-pressed={state !== 'off'}
        data-testid="live-toggle"
      >
        {t(`search.live.${said}`)}
      </Button>
      {state !== 'off' && (
        <Button
          variant="subtle"
          size="compact-sm"
          px={6}
          onClick={stop}
          aria-label={t('search.live.stop')}
          title={t('search.live.stop')}
          data-testid="live-stop"
        >
          <IconPlayerStop size="0.875rem" aria-hidden />
        </Button>
      )}
    </span>
  )
}

/** Why it did not begin. Once it has begun, the button says that it goes on trying. */
export function LiveError({ live }: { live: Live }) {
  if (live.state !== 'off' || !live.error) return null
  return (
    <div className={css.failed}>
      <ErrorNote error={live.error} testId="live-error" />
    </div>
  )
}

/** Beside the number of events, which is counted now and then: how many came in since. */
export function LiveCount({ live }: { live: Live }) {
  const { t, i18n } = useTranslation()
  if (live.state === 'off' || live.come === 0) return null
  return (
    <span className={css.come} data-testid="live-come" data-count={live.come}>
      {t('search.live.come', { n: whole(live.come, i18n.language) })}
    </span>
  )
}

/** Over the list while it is paused: how many came in, and back to them. */
export function LiveWaiting({ live, resume }: { live: Live; resume: () => void }) {
  const { t, i18n } = useTranslation()
  const waiting = live.state === 'paused' && live.waiting > 0
  return (
    <>
      {/* Said once: the number on the button changes every second. */}
      <span className="spoken" role="status">
        {waiting && t('search.live.arrived')}
      </span>
      {waiting && (
        <div className={css.waiting}>
          <Button size="compact-sm" onClick={resume} data-testid="live-waiting" data-count={live.waiting} title="n">
            {t('search.live.waiting', { count: live.waiting, n: whole(live.waiting, i18n.language) })}
          </Button>
        </div>
      )}
    </>
  )
}

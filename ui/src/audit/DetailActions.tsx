import { Button, CopyButton } from '@mantine/core'
import { IconBraces, IconCheck, IconFilter, IconLink, type Icon } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { AuditEvent } from '../backend/types'
import { eventAsJson } from './eventJson'
import { linkTo } from './link'
import { filterOf } from './related'
import type { AuditAsk } from './useAuditQuery'
import css from './DetailPanel.module.css'

/** The event, to take somewhere else: as JSON, as an address of this program, as a query for others like it. */
export function DetailActions({ event, ask }: { event: AuditEvent; ask: AuditAsk }) {
  const { t } = useTranslation()
  const copy = (what: 'json' | 'link' | 'filter', value: string, Shape: Icon, key: string) => (
    <CopyButton value={value} timeout={1500}>
      {({ copied, copy: run }) => (
        <Button
          variant="default"
          size="compact-sm"
          onClick={run}
          title={`${t(`search.detail.copy.${what}`)} (${key})`}
          leftSection={
            copied ? <IconCheck size="0.8125rem" aria-hidden /> : <Shape size="0.8125rem" stroke={1.6} aria-hidden />
          }
          data-testid={`detail-copy-${what}`}
          data-value={what === 'json' ? undefined : value}
        >
          {copied ? t('copied') : t(`search.detail.as.${what}`)}
        </Button>
      )}
    </CopyButton>
  )
  return (
    <div className={css.related} role="group" aria-label={t('search.detail.copyAs')}>
      {copy('json', eventAsJson(event), IconBraces, 'c')}
      {copy('link', linkTo({ query: ask.text, event }), IconLink, 'y')}
      {copy('filter', filterOf(event), IconFilter, 'q')}
    </div>
  )
}

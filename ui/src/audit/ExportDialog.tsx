import { Button, Checkbox, Modal, Radio } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useScope } from '../app/scope'
import type { ExportFormat } from '../backend/types'
import { whole } from '../look/numbers'
import { visibleLine } from '../look/visible'
import { startExport } from './exportStore'
import { useAuditCount } from './useAudit'
import type { AuditAsk } from './useAuditQuery'
import css from './Dialogs.module.css'

type Props = { ask: AuditAsk; close: () => void }

/** What will be exported, said before it begins: exactly what the query shows, whatever of it is on screen. */
export function ExportDialog({ ask, close }: Props) {
  const { t, i18n } = useTranslation()
  const { tenant } = useScope()
  const [format, setFormat] = useState<ExportFormat>('csv')
  const [compress, setCompress] = useState(false)
  const count = useAuditCount(ask.asked, ask.taken)
  const rows = count.data
  const n = rows && whole(rows.count, i18n.language)
  const start = (event: React.FormEvent) => {
    event.preventDefault()
    if (ask.asked === null) return
    close()
    void startExport({ query: ask.asked, format, compress })
  }
  return (
    <Modal
      opened
      onClose={close}
      title={t('audit.export.menu')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form className={css.form} onSubmit={start} data-testid="export-dialog">
        <dl className={css.facts}>
          <dt>{t('search.export.what')}</dt>
          <dd data-testid="export-count">
            {rows
              ? rows.capped
                ? t('search.export.atLeast', { n })
                : t('audit.count', { count: rows.count, n })
              : t(count.isError && !count.isFetching ? 'audit.notCounted' : 'audit.counting')}
            {tenant && ` · ${visibleLine(tenant.name)}`}
          </dd>
          <dt>{t('search.export.query')}</dt>
          <dd>
            {ask.text === '' ? (
              t('search.everything')
            ) : (
              <code className={`mono ${css.query}`}>{visibleLine(ask.text)}</code>
            )}
          </dd>
          <dt>{t('search.export.order')}</dt>
          <dd>{t('search.export.orderText')}</dd>
        </dl>
        <Radio.Group
          label={t('search.export.format')}
          value={format}
          onChange={(value) => setFormat(value as ExportFormat)}
        >
          <div className={css.options}>
            {(['csv', 'excel', 'jsonl'] as const).map((each) => (
              <Radio
                key={each}
                value={each}
                data-autofocus={each === format || undefined}
                label={t(`audit.export.${each}`)}
                description={t(`audit.export.${each}Hint`)}
                data-testid={`export-${each}`}
              />
            ))}
          </div>
        </Radio.Group>
        <Checkbox
          label={t('search.export.compress')}
          description={t('search.export.compressHint')}
          checked={compress}
          onChange={(event) => setCompress(event.currentTarget.checked)}
          data-testid="export-compress"
        />
        <div className={css.acts}>
          <Button variant="default" onClick={close}>
            {t('cancel')}
          </Button>
          <Button type="submit" disabled={ask.asked === null} data-testid="export-start">
            {t('search.export.start')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}

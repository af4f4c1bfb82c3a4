import { Button, Modal } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { SavedView } from '../backend/types'
import { ErrorNote } from '../look/Panels'
import { visibleLine } from '../look/visible'
import { useViewChanges } from './useViews'
import css from './Dialogs.module.css'

export function ViewRemove({ view, close }: { view: SavedView; close: () => void }) {
  const { t } = useTranslation()
  const { remove } = useViewChanges()
  return (
    <Modal
      opened
      onClose={close}
      title={t('search.views.removeTitle', { name: visibleLine(view.name) })}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <div className={css.form}>
        <p className={css.text}>{t(view.shared ? 'search.views.removeShared' : 'search.views.removeText')}</p>
        <code className={`mono ${css.query}`}>{visibleLine(view.query)}</code>
        <ErrorNote error={remove.error} />
        <div className={css.acts}>
          <Button variant="default" onClick={close} data-autofocus>
            {t('cancel')}
          </Button>
          <Button
            color="red"
            loading={remove.isPending}
            onClick={() => remove.mutate(view.id, { onSuccess: close })}
            data-testid="view-remove-submit"
          >
            {t('search.views.removeButton')}
          </Button>
        </div>
      </div>
    </Modal>
  )
}

import { Button, Checkbox, Modal, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ViewDraft } from '../backend/audit'
import { ErrorNote } from '../look/Panels'
import { visibleLine } from '../look/visible'
import { useViewChanges } from './useViews'
import css from './Dialogs.module.css'

export type ViewEdit = ViewDraft
type Props = { edit: ViewEdit; close: () => void }

export function ViewDialog({ edit, close }: Props) {
  const { t } = useTranslation()
  const [name, setName] = useState(edit.name)
  const [shared, setShared] = useState(edit.shared)
  const [pinned, setPinned] = useState(edit.pinned)
  const { save } = useViewChanges()
  const submit = (event: React.FormEvent) => {
    event.preventDefault()
    if (name.trim() !== '') save.mutate({ ...edit, name: name.trim(), shared, pinned }, { onSuccess: close })
  }
  return (
    <Modal
      opened
      onClose={close}
      title={t(edit.id === null ? 'search.views.new' : 'search.views.editTitle')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form className={css.form} onSubmit={submit}>
        <TextInput
          data-autofocus
          label={t('search.views.name')}
          value={name}
          maxLength={100}
          onChange={(event) => setName(event.currentTarget.value)}
          data-testid="view-name"
        />
        <div>
          <div className={css.label}>{t('search.views.query')}</div>
          <code className={`mono ${css.query}`}>{visibleLine(edit.query) || t('search.everything')}</code>
        </div>
        <Checkbox
          label={t('search.views.share')}
          description={t('search.views.shareHint')}
          checked={shared}
          onChange={(event) => setShared(event.currentTarget.checked)}
          data-testid="view-shared"
        />
        <Checkbox
          label={t('search.views.pinned')}
          description={t('search.views.pinnedHint')}
          checked={pinned}
          onChange={(event) => setPinned(event.currentTarget.checked)}
          data-testid="view-pinned"
        />
        <ErrorNote error={save.error} />
        <div className={css.acts}>
          <Button variant="default" onClick={close}>
            {t('cancel')}
          </Button>
          <Button type="submit" disabled={name.trim() === ''} loading={save.isPending} data-testid="view-save">
            {t('save')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}

import { Modal, Skeleton } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../app/queries'
import { useSession } from '../app/session'
import { useStatusChange } from '../app/useStatus'
import { sessionRefresh } from '../backend/sessions'
import { kitBegin } from '../backend/setup'
import { KitStep } from '../first-run/KitStep'
import { ErrorPanel } from '../look/Panels'

/** A further recovery kit, for who lost theirs or was interrupted before it was confirmed. The same pages as in the assistant. */
export function KitDialog({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const { session } = useSession()
  const { opened } = useStatusChange()
  const client = useQueryClient()
  // A mutation and not a query: the words must not lie in a cache.
  const begin = useMutation({ mutationFn: kitBegin, gcTime: 0 })
  const { mutate } = begin
  useEffect(() => mutate(), [mutate])
  const confirmed = () => {
    close()
    void client.invalidateQueries({ queryKey: keys.overview })
    sessionRefresh().then(opened, () => undefined)
  }
  return (
    <Modal
      opened
      onClose={close}
      size={840}
      closeOnClickOutside={false}
      title={t('settings.keychain.kitTitle')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      {begin.isError ? (
        <ErrorPanel error={begin.error} retry={() => mutate()} />
      ) : begin.data ? (
        <KitStep challenge={begin.data} name={session.connection.name} confirmed={confirmed} />
      ) : (
        <Skeleton height={240} />
      )}
    </Modal>
  )
}

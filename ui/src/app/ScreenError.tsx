import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import type { ErrorComponentProps } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ErrorPanel } from '../look/Panels'

/** In the place of a screen that cannot be drawn: to try again, to load the window anew, or to go to another screen. */
export function ScreenError({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const again = () => {
    // What it was drawn from may be why: the screen is gone, so nobody uses it any more.
    client.removeQueries({ type: 'inactive' })
    reset()
  }
  return (
    <ErrorPanel error={error} retry={again} level="h1">
      <Button variant="default" onClick={() => window.location.reload()} data-testid="reload">
        {t('frame.reload')}
      </Button>
    </ErrorPanel>
  )
}

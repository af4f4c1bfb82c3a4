import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { setupConfirmKit } from '../backend/setup'
import { ErrorNote } from '../look/Panels'
import { StepActions, StepPage } from './StepPage'
import page from './FirstRun.module.css'
import css from './Kit.module.css'

type Props = { ask: number[]; back: () => void; confirmed: () => void }

export function KitConfirm({ ask, back, confirmed }: Props) {
  const { t } = useTranslation()
  const k = (key: string) => t(`firstRun.kit.${key}`)
  const [words, setWords] = useState<string[]>(() => ask.map(() => ''))
  const confirm = useMutation({
    mutationFn: () => setupConfirmKit(words.map((word) => word.trim().toLowerCase())),
    onSuccess: confirmed,
  })
  return (
    <StepPage title={k('confirmTitle')} text={k('confirmText')}>
      <form
        className={page.page}
        onSubmit={(event) => {
          event.preventDefault()
          confirm.mutate()
        }}
      >
        <div className={css.ask}>
          {ask.map((position, index) => (
            <TextInput
              key={position}
              label={t('firstRun.kit.word', { n: position })}
              value={words[index] ?? ''}
              onChange={(event) => {
                const typed = event.currentTarget.value
                setWords((before) => before.map((word, at) => (at === index ? typed : word)))
              }}
              classNames={{ input: css.mono ?? '' }}
              spellCheck={false}
              autoComplete="off"
              autoCapitalize="off"
              data-testid={`kit-word-${index + 1}`}
              data-position={position}
            />
          ))}
        </div>
        {confirm.error && <ErrorNote error={confirm.error} testId="kit-error" />}
        <StepActions>
          <Button variant="default" onClick={back} data-testid="kit-back">
            {k('showAgain')}
          </Button>
          <Button
            type="submit"
            loading={confirm.isPending}
            disabled={words.some((word) => word.trim() === '')}
            data-testid="kit-confirm"
          >
            {k('confirm')}
          </Button>
        </StepActions>
      </form>
    </StepPage>
  )
}

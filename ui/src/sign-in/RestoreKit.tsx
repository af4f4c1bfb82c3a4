import { PasswordInput, SegmentedControl, Textarea } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { FilePick } from './FilePick'
import css from './Restore.module.css'

export type KitInput = { by: 'words' | 'file'; words: string; file: string | null; passphrase: string }

/** The words of a kit as typed or pasted: numbers, full stops and line breaks fall away. */
export function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[\s\d.,:;)]+/)
    .filter((word) => word !== '')
}

export function RestoreKit({ kit, change }: { kit: KitInput; change: (kit: KitInput) => void }) {
  const { t } = useTranslation()
  return (
    <section className={css.section}>
      <h2 className={css.heading}>{t('signIn.kit.how')}</h2>
      <SegmentedControl
        className={css.switch}
        value={kit.by}
        onChange={(by) => change({ ...kit, by: by as KitInput['by'] })}
        data={[
          { value: 'words', label: t('signIn.kit.byWords') },
          { value: 'file', label: t('signIn.kit.byFile') },
        ]}
      />
      {kit.by === 'words' ? (
        <div>
          <Textarea
            label={t('signIn.kit.words')}
            description={t('signIn.kit.wordsHint')}
            autosize
            minRows={4}
            value={kit.words}
            onChange={(event) => change({ ...kit, words: event.currentTarget.value })}
            classNames={{ input: css.words ?? '' }}
            spellCheck={false}
            autoComplete="off"
            autoCorrect="off"
            autoCapitalize="off"
            data-testid="restore-words"
          />
          <span className="dim" aria-live="polite">
            {t('signIn.kit.wordCount', { n: wordsOf(kit.words).length })}
          </span>
        </div>
      ) : (
        <>
          <FilePick
            purpose="kit"
            label={t('signIn.kit.file')}
            file={kit.file}
            pick={(file) => change({ ...kit, file })}
            testId="restore-file"
          />
          <PasswordInput
            label={t('signIn.kit.filePassphrase')}
            value={kit.passphrase}
            onChange={(event) => change({ ...kit, passphrase: event.currentTarget.value })}
            autoComplete="off"
            data-testid="restore-file-passphrase"
          />
        </>
      )}
    </section>
  )
}

import { useTranslation } from 'react-i18next'
import { FilterChip } from './FilterChip'
import { TextFilterForm } from './TextFilterForm'

export function ActorFilter({ actor, change }: { actor: string | null; change: (actor: string | null) => void }) {
  const { t } = useTranslation()
  return (
    <FilterChip name="actor" value={actor} clear={() => change(null)} width={300}>
      {(close) => (
        <TextFilterForm
          name="actor"
          start={actor ?? ''}
          label={t('audit.filter.actorLabel')}
          apply={(text) => {
            change(text || null)
            close()
          }}
        />
      )}
    </FilterChip>
  )
}

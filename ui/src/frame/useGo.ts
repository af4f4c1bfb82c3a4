import { useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'
import type { Section } from '../settings/sections'
import type { Screen } from './screens'

export function useGo() {
  const navigate = useNavigate()
  return useCallback(
    (to: Screen['id'], section: Section = 'profile') => {
      if (to === 'settings') void navigate({ to: '/settings/$section', params: { section } })
      else void navigate({ to: to === 'audit' ? '/audit' : '/overview' })
    },
    [navigate],
  )
}

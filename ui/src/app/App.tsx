import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { useState } from 'react'
import { cssVariables, theme } from '../look/theme'
import { Gate } from './Gate'
import { makeQueryClient } from './queries'

export function App() {
  const [client] = useState(makeQueryClient)
  return (
    <QueryClientProvider client={client}>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
        <Notifications position="bottom-right" autoClose={6000} />
        <Gate />
      </MantineProvider>
    </QueryClientProvider>
  )
}

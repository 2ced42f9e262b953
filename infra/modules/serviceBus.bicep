// The queues. A test compares their names with core/Messaging/Queues.
@description('The name of the namespace.')
param name string

@description('The region.')
param location string

@description('Tags.')
param tags object

@description('Premium only where private endpoints are wanted.')
@allowed(['Standard', 'Premium'])
param sku string

var queues = [
  'feedback'
  'sla-breaches'
  'ticket-events'
  'notifications'
]

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: sku
    tier: sku
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: sku == 'Premium' ? 'Disabled' : 'Enabled'
  }

  resource queue 'queues@2024-01-01' = [for queueName in queues: {
    name: queueName
    properties: {
      lockDuration: 'PT1M'
      // The app counts its own tries, and puts a message aside after five; the broker's count is for deliveries that never came so far.
      maxDeliveryCount: 10
      requiresDuplicateDetection: true
      duplicateDetectionHistoryTimeWindow: 'PT10M'
      deadLetteringOnMessageExpiration: true
      defaultMessageTimeToLive: 'P14D'
      maxSizeInMegabytes: 1024
    }
  }]
}

output id string = namespace.id
output name string = namespace.name
output fullyQualifiedNamespace string = '${namespace.name}.servicebus.windows.net'

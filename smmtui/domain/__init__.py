"""What is true of services, orders and money: pure, without I/O."""
